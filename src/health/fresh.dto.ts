import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
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
    description: `What expires, the ${MOST_NAMED} soonest first; only for callers who show a token.`,
  })
  readonly expiring?: readonly ExpiringRoleDto[];
}

/** @param isKnown whether the caller may know what repositories there are, and how their roles are called. */
export function expiringProblem(roles: readonly ExpiringRole[], within: string, isKnown: boolean): ExpiringProblem {
  const repositories = new Set(roles.map(({ repository }) => repository)).size;
  const counts = `${roles.length} ${roles.length === 1 ? 'role' : 'roles'} of ${repositories} ${repositories === 1 ? 'repository' : 'repositories'}`;
  const [first] = roles;
  const named =
    isKnown && first ? `, first ${first.role} of ${first.repository} at ${first.expires.toISOString()}` : '';
  return {
    type: 'about:blank',
    title: 'Service Unavailable',
    status: 503,
    code: 'metadata-expiring',
    detail: `${counts} will expire within ${within}, or should have been signed again${named}; trs forecast says what to do`,
    ...(isKnown && {
      expiring: roles.slice(0, MOST_NAMED).map(({ expires, ...role }) => ({ ...role, expires: expires.toISOString() })),
    }),
  };
}
