import { STATUS_CODES } from 'node:http';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { TufErrorCode } from '../tuf/errors.js';

/** Every `code` of a problem document; stable, so that clients may act on it. */
export type ProblemCode =
  | TufErrorCode
  | 'request-invalid'
  | 'request-malformed'
  | 'request-too-large'
  | 'media-type-unsupported'
  | 'request-too-slow'
  | 'too-many-requests'
  | 'service-busy'
  | 'too-many-changes'
  | 'unauthorized'
  | 'scope-missing'
  | 'repository-not-allowed'
  | 'path-not-allowed'
  | 'rights-exceeded'
  | 'route-unknown'
  | 'method-not-allowed'
  | 'repository-unknown'
  | 'repository-exists'
  | 'task-unknown'
  | 'approval-closed'
  | 'approval-by-requester'
  | 'signing-event-unknown'
  | 'metadata-unknown'
  | 'token-unknown'
  | 'trusted-publisher-unknown'
  | 'checkpoint-unknown'
  | 'webhook-unknown'
  | 'webhook-delivery-unknown'
  | 'webhook-limit'
  | 'key-unknown'
  | 'key-exists'
  | 'key-uri-invalid'
  | 'key-unusable'
  | 'key-vault-not-allowed'
  | 'idempotency-key-reused'
  | 'change-refused'
  | 'import-interrupted'
  | 'database-unavailable'
  | 'key-vault-unavailable'
  | 'issuer-unavailable'
  | 'storage-full'
  | 'metadata-expiring'
  | 'internal-error';

export class FieldProblem {
  @ApiProperty({ description: 'The field at fault, as a path into the request.', example: 'artifacts[0].length' })
  readonly field!: string;

  @ApiProperty({ description: 'The rule that it breaks.', example: 'must be a whole number of bytes from 0 to 2^53-1' })
  readonly rule!: string;
}

/** RFC 9457. */
export class Problem {
  @ApiProperty({ description: 'Always about:blank; `code` tells problems apart.', example: 'about:blank' })
  readonly type: string = 'about:blank';

  @ApiProperty({ description: 'The HTTP status in words.', example: 'Bad Request' })
  readonly title!: string;

  @ApiProperty({ description: 'The HTTP status.', example: 400 })
  readonly status!: number;

  @ApiProperty({ type: String, description: 'A stable name for the problem.', example: 'artifact-path-invalid' })
  readonly code!: ProblemCode;

  @ApiProperty({ description: 'What is wrong and what to do.', example: 'artifacts[0].path must not contain ".."' })
  readonly detail!: string;

  @ApiPropertyOptional({ type: [FieldProblem], description: 'The fields at fault, where the request is.' })
  readonly errors?: readonly FieldProblem[];

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description: 'With `change-refused`: the task and what became of each part of the change.',
  })
  readonly task?: object;
}

export function problem(
  status: number,
  code: ProblemCode,
  detail: string,
  more: Pick<Problem, 'errors' | 'task'> = {},
): Problem {
  return { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, code, detail, ...more };
}

/** Thrown by controllers and services; the filter answers with the problem document. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';

  constructor(
    readonly status: number,
    readonly code: ProblemCode,
    message: string,
    readonly more: Pick<Problem, 'errors' | 'task'> = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** A code that gets a status other than 400. */
const TUF_STATUS: Partial<Record<TufErrorCode, number>> = {
  'artifact-unknown': 404,
  'role-unknown': 404,
  'role-exists': 409,
  'role-signed-online': 409,
  'artifacts-stranded': 409,
  'precondition-failed': 412,
  'repository-not-ready': 409,
  'repository-went-back': 503,
  'signature-repeated': 409,
  'signing-event-closed': 409,
  'client-would-refuse': 500,
};

export function statusOf(code: TufErrorCode): number {
  return TUF_STATUS[code] ?? 400;
}
