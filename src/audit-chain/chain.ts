import { hash as hashOf } from 'node:crypto';
import { canonicalBytes } from '../tuf/canonical-json.js';
import type { AuditEntry } from './audit-entry.js';

/** How far a chain goes: the number of its links and the hash of the last one. */
export interface ChainHead {
  readonly length: number;
  readonly hash: string;
}

/** An entry in its place. Its hash covers its place, the hash before it, and every field of the entry. */
export interface ChainLink {
  /** From 1. */
  readonly position: number;
  readonly hash: string;
  readonly entry: AuditEntry;
}

export const NO_LINKS: ChainHead = { length: 0, hash: '0'.repeat(64) };

/** Never the type of metadata: what is hashed or signed here must not pass for anything in TUF. */
const LINK_TYPE = 'trs-audit-link';

/** Links entries in this order to a chain. */
export function linked(head: ChainHead, entries: readonly AuditEntry[]): ChainLink[] {
  let { length, hash } = head;
  return entries.map((entry) => {
    length += 1;
    hash = linkHash(hash, length, entry);
    return { position: length, hash, entry };
  });
}

export function linkHash(previous: string, position: number, entry: AuditEntry): string {
  return hashOf('sha256', canonicalBytes({ _type: LINK_TYPE, previous, position, entry }));
}
