import { ParseUUIDPipe } from '@nestjs/common';
import { ProblemError } from './problem.js';

/** Checks that the parameter `field` of a route is a UUID. */
export function uuidPipe(field: string): ParseUUIDPipe {
  const rule = 'must be a UUID';
  return new ParseUUIDPipe({
    exceptionFactory: () => new ProblemError(400, 'request-invalid', `${field} ${rule}`, { errors: [{ field, rule }] }),
  });
}
