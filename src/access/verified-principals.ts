import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Principal } from '../http/principal.js';

const MAXIMUM = 10_000;
/** The bound on what is stale, should the notification of a revocation be lost. */
const SHORT_MS = 5_000;

/** Who was found behind a token a moment ago, by the hash of the token. */
@Injectable()
export class VerifiedPrincipals {
  private readonly known = new LRUCache<string, Principal>({ max: MAXIMUM, ttl: SHORT_MS });
  /** Tokens that were good when they were last looked at, and so are no guesses. */
  private readonly seen = new LRUCache<string, true>({ max: MAXIMUM });
  /** Counts revocations, so that what was read before one is not kept after it. */
  private revocations = 0;

  async find(hash: Buffer, look: () => Promise<Principal | null>): Promise<Principal | null> {
    const key = hash.toString('base64');
    const known = this.known.get(key);
    if (known) return known;
    const before = this.revocations;
    const found = await look();
    if (found) this.seen.set(key, true);
    else this.seen.delete(key);
    if (found && before === this.revocations) this.known.set(key, found);
    return found;
  }

  /** Whether the token was good when it was last looked at. */
  hasSeen(hash: Buffer): boolean {
    return this.seen.has(hash.toString('base64'));
  }

  forgetAll(): void {
    this.revocations += 1;
    this.known.clear();
  }
}
