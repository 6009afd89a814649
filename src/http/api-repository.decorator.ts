import { ApiParam } from '@nestjs/swagger';

/** Documents the repository that a route is below. */
export const ApiRepository = () =>
  ApiParam({ name: 'repository', description: 'The name of the repository.', example: 'demo' });
