import { createHash, randomBytes } from 'node:crypto';

const PREFIX = 'trs_';

/** 256 random bits behind a prefix that secret scanners can recognise. */
export function newAccessToken(): string {
  return `${PREFIX}${randomBytes(32).toString('base64url')}`;
}

/** Tokens are random, so a plain hash is enough to keep them by; finding a row by it leaks no timing of the token. */
export function hashOfToken(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest();
}
