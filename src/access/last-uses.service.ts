import { Injectable, Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Clock } from '../clock.js';
import { AccessTokenStore } from '../database/access-token.store.js';
import { TrustedPublisherStore } from '../database/trusted-publisher.store.js';
import type { Principal } from '../http/principal.js';

const MINUTE_MS = 60_000;

/** Notes when tokens and trusted publishers are used: once a minute at most, and no request waits for it. */
@Injectable()
export class LastUses {
  private readonly logger = new Logger(LastUses.name);
  private readonly noted = new LRUCache<string, number>({ max: 10_000 });

  constructor(
    private readonly tokens: AccessTokenStore,
    private readonly publishers: TrustedPublisherStore,
    private readonly clock: Clock,
  ) {}

  note({ kind, id }: Principal): void {
    const now = this.clock.now();
    if (now.getTime() - (this.noted.get(id) ?? Number.NEGATIVE_INFINITY) < MINUTE_MS) return;
    this.noted.set(id, now.getTime());
    const store = kind === 'token' ? this.tokens : this.publishers;
    store.noteUse(id, now).catch((error) => this.logger.debug(`cannot note a use: ${error}`));
  }
}
