import { ApiProperty } from '@nestjs/swagger';
import type { RoleEntity } from '../database/entities/role.entity.js';
import { Page } from '../http/pagination.js';

export class RoleDto {
  @ApiProperty({ description: 'The name of the role.', example: 'bins-3f' })
  readonly name!: string;

  @ApiProperty({ description: 'The version in force.', example: 3 })
  readonly version!: number;

  @ApiProperty({ format: 'date-time', description: 'When that version expires.' })
  readonly expires!: string;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'From when on the service signs it again; null for a role that only people sign.',
  })
  readonly renewedFrom!: string | null;
}

export class RolePage extends Page {
  @ApiProperty({ type: [RoleDto], description: 'In order of their names.' })
  readonly items!: readonly RoleDto[];
}

export function roleDto({ name, version, expiresAt, renewAt }: RoleEntity): RoleDto {
  return { name, version, expires: expiresAt.toISOString(), renewedFrom: renewAt?.toISOString() ?? null };
}
