import { Injectable, Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Clock } from '../clock.js';
import { AccessTokenStore } from '../database/access-token.store.js';
import type { Principal } from '../http/principal.js';

const MINUTE_MS = 60_000;

/** Notes when tokens are used: once a minute at most, and no request waits for it. */
@Injectable()
export class LastUses {
  private readonly logger = new Logger(LastUses.name);
  private readonly noted = new LRUCache<string, number>({ max: 10_000 });

  constructor(
    private readonly tokens: AccessTokenStore,
    private readonly clock: Clock,
  ) {}

  note({ id }: Principal): void {
    const now = this.clock.now();
    if (now.getTime() - (this.noted.get(id) ?? Number.NEGATIVE_INFINITY) < MINUTE_MS) return;
    this.noted.set(id, now.getTime());
    this.tokens.noteUse(id, now).catch((error) => this.logger.debug(`cannot note the use of a token: ${error}`));
  }
}
