import { ApiParam } from '@nestjs/swagger';

export const ApiRole = () => ApiParam({ name: 'role', description: 'The name of the role.', example: 'team-a' });
