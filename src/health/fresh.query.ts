import { ApiPropertyOptional } from '@nestjs/swagger';
import { Matches } from 'class-validator';
import { Optional } from '../http/optional.decorator.js';
import { ProblemError } from '../http/problem.js';
import { parseTimeSpan } from '../time-span.js';

const MAXIMUM_DAYS = 128;
const RULE = `must be a time span such as 90s, 30m, 12h or 3d, of up to ${MAXIMUM_DAYS} days`;
const TIME_SPAN = /^[1-9]\d{0,8}[smhd]$/;

export class FreshQuery {
  @ApiPropertyOptional({
    description: `How far to look ahead: seconds, minutes, hours or days, up to ${MAXIMUM_DAYS} days.`,
    pattern: TIME_SPAN.source,
    default: '3d',
    example: '3d',
  })
  @Optional()
  @Matches(TIME_SPAN, { message: `within ${RULE}` })
  readonly within: string = '3d';
}

/** @throws ProblemError `request-invalid`. */
export function secondsWithin({ within }: FreshQuery): number {
  const seconds = parseTimeSpan(within);
  if (seconds !== null && seconds <= MAXIMUM_DAYS * 86_400) return seconds;
  throw new ProblemError(400, 'request-invalid', `within ${RULE}`, { errors: [{ field: 'within', rule: RULE }] });
}
