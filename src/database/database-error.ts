import { QueryFailedError } from 'typeorm';

/** PostgreSQL's disk (SQLSTATE 53100), or that of the data folder. */
export function isDiskFull(error: unknown): boolean {
  return sqlStateOf(error) === '53100' || ['ENOSPC', 'EDQUOT'].includes(codeOf(error));
}

/**
 * Connection failures, shutdown, too many connections, read-only, statements and transactions that took too long or got
 * into each other's way: nothing that the caller did.
 */
export function isDatabaseUnavailable(error: unknown): boolean {
  const state = sqlStateOf(error);
  if (state !== null) return /^(?:08|25|40|53|55P03|57|58)/.test(state);
  const message = textOf(error, 'message');
  return /ECONNREFUSED|ECONNRESET|EPIPE|ENOTFOUND|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN|already released|not queryable|[Cc]onnection terminated|timeout exceeded when trying to connect/.test(
    `${message} ${codeOf(error)}`,
  );
}

function sqlStateOf(error: unknown): string | null {
  const cause = error instanceof QueryFailedError ? error.driverError : error;
  const code = codeOf(cause);
  return /^[0-9A-Z]{5}$/.test(code) && code !== 'EPIPE' ? code : null;
}

function codeOf(error: unknown): string {
  return textOf(error, 'code');
}

// Not by class: what a socket reports need not be an Error of this realm.
function textOf(error: unknown, field: 'code' | 'message'): string {
  const text: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, field) : undefined;
  return typeof text === 'string' ? text : '';
}
