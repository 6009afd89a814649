import type { AuditEntry } from './audit-entry.js';
import { type ChainHead, linkHash, NO_LINKS } from './chain.js';

/** A link as it was read: of a log that somebody edited the entry may be gone. */
export interface ReadLink {
  readonly position: number;
  readonly hash: string;
  readonly entry: AuditEntry | null;
}

/** Walks along a chain and finds the first place where it is not what it was. */
export class ChainWalk {
  private last: ChainHead = NO_LINKS;
  private found: string | null = null;
  private readonly heads = new Map<number, string>([[NO_LINKS.length, NO_LINKS.hash]]);

  /** @param lengths at which a hash is known from elsewhere, and is compared. @param repository null for the service's own chain. */
  constructor(
    private readonly repository: string | null,
    private readonly lengths: ReadonlySet<number>,
  ) {}

  /** Links have to come in the order of the chain; what follows a fault is not looked at. */
  follow(link: ReadLink): void {
    if (this.found !== null) return;
    this.found = this.faultOf(link);
    if (this.found !== null) return;
    this.last = { length: link.position, hash: link.hash };
    if (this.lengths.has(link.position)) this.heads.set(link.position, link.hash);
  }

  /** How far the chain holds. */
  get head(): ChainHead {
    return this.last;
  }

  get fault(): string | null {
    return this.found;
  }

  /** What is wrong where this head was known of the chain before, or null. */
  differenceFrom({ length, hash }: ChainHead): string | null {
    if (length > this.last.length) return `it ends after ${this.last.length} entries, where it had ${length}`;
    if (this.heads.get(length) === hash) return null;
    return `its first ${length} entries are not those that were there before: the history was rewritten`;
  }

  private faultOf({ position, hash, entry }: ReadLink): string | null {
    const expected = this.last.length + 1;
    if (position !== expected) return `entry ${expected} is missing: entry ${position} follows entry ${expected - 1}`;
    if (entry === null) return `entry ${position} is missing: only its link is there`;
    if (entry.repository !== this.repository) return `entry ${position} is of another chain`;
    if (computedHash(this.last.hash, position, entry) === hash) return null;
    return `entry ${position} is not what was written, or the one before it is gone`;
  }
}

/** Null for an entry that has no canonical form: the service wrote no such thing. */
function computedHash(previous: string, position: number, entry: AuditEntry): string | null {
  try {
    return linkHash(previous, position, entry);
  } catch {
    return null;
  }
}
