import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 62^43 is just over 2^256, and 62^6 over 2^32. */
const RANDOM_LENGTH = 43;
const CHECKSUM_LENGTH = 6;
const FORM = /^trs_([0-9A-Za-z]{43})([0-9A-Za-z]{6})$/;

/**
 * `trs_`, 256 random bits and a checksum, in digits and letters alone: secret scanners can find it, and tell it from
 * what only looks like it.
 */
export function newAccessToken(): string {
  const random = inBase62(BigInt(`0x${randomBytes(32).toString('hex')}`), RANDOM_LENGTH);
  return `trs_${random}${checksumOf(random)}`;
}

/** Whether it looks like one of ours with a typing error: no need to look for it. Other forms are the operator's choice. */
export function isMistyped(token: string): boolean {
  const [, random, checksum] = FORM.exec(token) ?? [];
  return random !== undefined && checksumOf(random) !== checksum;
}

/** Tokens are random, so that a plain hash is enough to keep them by. */
export function hashOfToken(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}

/** In a time that does not depend on where they differ. */
export function isSameHash(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}

function checksumOf(random: string): string {
  return inBase62(BigInt(crc32(random)), CHECKSUM_LENGTH);
}

function inBase62(value: bigint, length: number): string {
  let text = '';
  for (let rest = value; text.length < length; rest /= 62n) text = (DIGITS[Number(rest % 62n)] ?? '') + text;
  return text;
}
