import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Answer } from '../support/api.js';
import { artifact } from '../support/artifacts.js';
import type { Member } from './fleet.js';
import type { Poller } from './poller.js';

/** A change that the service has acknowledged. */
export interface Acknowledged {
  readonly id: string;
  /** Added by no other change. */
  readonly path: string;
}

const PAUSE_MS = 60;

/**
 * Publishers that never stop. Each repeats a request, with its idempotency key, until some process takes it, as a
 * pipeline does; so each change is acknowledged in the end, and recorded once. An answer other than that, or 503 with
 * Retry-After, is a failure.
 */
export class Load {
  readonly acknowledged: Acknowledged[] = [];
  /** What each publisher's own artifact has by its last acknowledged change. */
  readonly latest = new Map<string, string>();
  /** The codes of the problems with which the service put publishers off. */
  readonly putOff: string[] = [];
  failure: unknown = null;
  private readonly publishers: Promise<void>[];
  private isOver = false;
  private isAbandoned = false;
  private isPaused = false;
  private underWay = 0;

  constructor(
    private readonly members: () => Promise<readonly Member[]>,
    private readonly repository: string,
    private readonly poller: Poller,
    publishers: number,
  ) {
    this.publishers = Array.from({ length: publishers }, (_, publisher) =>
      this.publish(publisher).catch((error) => {
        this.failure ??= error;
      }),
    );
  }

  /** Waits until nothing is under way, then does that, and goes on. */
  async whilePaused<T>(work: () => Promise<T>): Promise<T> {
    this.isPaused = true;
    while (this.underWay > 0) await pause(10);
    try {
      return await work();
    } finally {
      this.isPaused = false;
    }
  }

  async end(): Promise<void> {
    this.isOver = true;
    await Promise.all(this.publishers);
    if (this.failure) throw this.failure;
  }

  /** Has it end as soon as nothing answers any more, so that it does not outlive a test that failed. */
  abandon(): void {
    this.isOver = true;
    this.isAbandoned = true;
  }

  private async publish(publisher: number): Promise<void> {
    for (let count = 0; !this.isOver; count += 1) {
      while (this.isPaused && !this.isOver) await pause(10);
      this.underWay += 1;
      const own = artifact(`n/${publisher}/${count}`);
      const latest = artifact(`latest/${publisher}`, `${count}`);
      const isWaitedFor = count % 3 === 0;
      const { status, body } = await this.acknowledgement({ artifacts: [own, latest] }, isWaitedFor ? '?wait=20' : '');
      if (status !== 202 && status !== 200) throw new Error(JSON.stringify(body));
      this.acknowledged.push({ id: body.id, path: own.path });
      this.latest.set(latest.path, latest.hashes.sha256);
      if (status === 200) this.poller.expect({ path: own.path, sha256: own.hashes.sha256 });
      this.underWay -= 1;
      await pause(PAUSE_MS);
    }
  }

  private async acknowledgement(change: object, query: string): Promise<Answer> {
    const key = { 'idempotency-key': randomUUID() };
    while (!this.isAbandoned) {
      const member = oneOf(await this.members());
      const path = `/repositories/${this.repository}/artifacts${query}`;
      const answer = await member.api.post(path, change, key).catch(() => null); // that process is gone
      if (answer && answer.status !== 503) return answer;
      if (answer) this.notePutOff(answer);
      await pause(50);
    }
    throw new Error('abandoned');
  }

  private notePutOff({ headers, body }: Answer): void {
    if (headers.get('retry-after') === null) throw new Error(`503 without Retry-After: ${JSON.stringify(body)}`);
    this.putOff.push(body.code);
  }
}

export function oneOf<T>(items: readonly T[]): T {
  const item = items[Math.floor(Math.random() * items.length)];
  if (item === undefined) throw new Error('there is none');
  return item;
}
