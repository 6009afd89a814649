import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Answer } from '../support/api.js';
import { artifact } from '../support/artifacts.js';
import type { Fleet } from './fleet.js';
import type { Poller } from './poller.js';

/** A change that the service has acknowledged. */
export interface Acknowledged {
  readonly id: string;
  /** Added by no other change. */
  readonly path: string;
}

const PAUSE_MS = 60;

/**
 * Publishers that never stop. Each repeats a request, with its idempotency key, at another process until one answers,
 * as a pipeline does; so each change is acknowledged in the end, and recorded once.
 */
export class Load {
  readonly acknowledged: Acknowledged[] = [];
  /** What each publisher's own artifact has by its last acknowledged change. */
  readonly latest = new Map<string, string>();
  private readonly publishers: Promise<void>[];
  private isOver = false;

  constructor(
    private readonly fleet: Fleet,
    private readonly repository: string,
    private readonly poller: Poller,
    publishers: number,
  ) {
    this.publishers = Array.from({ length: publishers }, (_, publisher) => this.publish(publisher));
  }

  async end(): Promise<void> {
    this.isOver = true;
    await Promise.all(this.publishers);
  }

  private async publish(publisher: number): Promise<void> {
    for (let count = 0; !this.isOver; count += 1) {
      const own = artifact(`n/${publisher}/${count}`);
      const latest = artifact(`latest/${publisher}`, `${count}`);
      const isWaitedFor = count % 3 === 0;
      const { status, body } = await this.acknowledgement({ artifacts: [own, latest] }, isWaitedFor ? '?wait=20' : '');
      if (status !== 202 && status !== 200) throw new Error(JSON.stringify(body));
      this.acknowledged.push({ id: body.id, path: own.path });
      this.latest.set(latest.path, latest.hashes.sha256);
      if (status === 200) this.poller.expect({ path: own.path, sha256: own.hashes.sha256 });
      await pause(PAUSE_MS);
    }
  }

  private async acknowledgement(change: object, query: string): Promise<Answer> {
    const key = { 'idempotency-key': randomUUID() };
    for (;;) {
      const member = oneOf(await this.fleet.listening(1));
      try {
        return await member.api.post(`/repositories/${this.repository}/artifacts${query}`, change, key);
      } catch {
        await pause(10); // that process is gone
      }
    }
  }
}

export function oneOf<T>(items: readonly T[]): T {
  const item = items[Math.floor(Math.random() * items.length)];
  if (item === undefined) throw new Error('there is none');
  return item;
}
