import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { Principal } from '../http/principal.js';
import { Problem } from '../http/problem.js';
import type { ForecastState } from '../tuf/forecast.js';
import type { ExpiringRole } from './freshness.service.js';

export class FreshDto {
  @ApiProperty({ enum: ['fresh'], description: 'Nothing expires that the service cannot renew.', example: 'fresh' })
  readonly status!: string;

  @ApiProperty({ description: 'How far it looked ahead.', example: '3d' })
  readonly within!: string;
}

const STATES: ForecastState[] = ['in-time', 'awaiting-signatures', 'overdue', 'expired'];

export class ExpiringRoleDto {
  @ApiProperty({ description: 'The repository.', example: 'demo' })
  readonly repository!: string;

  @ApiProperty({ description: 'The role.', example: 'root' })
  readonly role!: string;

  @ApiProperty({ format: 'date-time', description: 'When the version in force expires.' })
  readonly expires!: string;

  @ApiProperty({ enum: ['service', 'people'], description: 'Who has to sign the next one.', example: 'people' })
  readonly signedBy!: string;

  @ApiProperty({ enum: STATES, description: '`overdue` when it should have been signed again.', example: 'in-time' })
  readonly state!: string;
}

const MOST_NAMED = 100;

export class ExpiringProblem extends Problem {
  @ApiPropertyOptional({
    type: [ExpiringRoleDto],
    description: `What expires, the ${MOST_NAMED} soonest first; only for callers who show a token with \`repositories:read\`, of the repositories that it is for.`,
  })
  readonly expiring?: readonly ExpiringRoleDto[];
}

/** @param principal who may know what some repositories and their roles are called; null for everybody else. */
export function expiringProblem(
  roles: readonly ExpiringRole[],
  within: string,
  principal: Principal | null,
): ExpiringProblem {
  const repositories = new Set(roles.map(({ repository }) => repository)).size;
  const counts = `${counted(roles.length, 'role', 'roles')} of ${counted(repositories, 'repository', 'repositories')}`;
  const known = roles.filter(({ repository }) => principal?.mayUseRepository(repository));
  return {
    type: 'about:blank',
    title: 'Service Unavailable',
    status: 503,
    code: 'metadata-expiring',
    detail: `${counts} will expire within ${within}, or should have been signed again; trs forecast says what to do`,
    ...(principal && {
      expiring: known.slice(0, MOST_NAMED).map(({ expires, ...role }) => ({ ...role, expires: expires.toISOString() })),
    }),
  };
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
