import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { TaskKind } from '../database/entities/task.entity.js';
import type { RepositoryIdentity } from '../database/repository.store.js';
import { TaskStore } from '../database/task.store.js';
import { TooManyRequests } from '../http/bounds/too-many-requests.js';

const MAXIMUM_CHANGES = 100_000;
const MAXIMUM_BYTES = 1_073_741_824;
/** What people decide gets in also when pipelines have filled the room, for it may be what empties it: up to twice as much. */
const ROOM_OF_PEOPLE = 2;
const BULK: readonly TaskKind[] = ['add-artifacts', 'remove-artifacts', 'import-artifacts'];
/** The bounds may be exceeded by what comes in meanwhile. */
const LOOK_AGAIN_MS = 1_000;
const RETRY_AFTER_SECONDS = 5;

/** Bounds what waits to be published in a repository, should more come in than its publisher can do. */
@Injectable()
export class WaitingRoom {
  private readonly looks = new LRUCache<number, Promise<number>>({ max: 10_000, ttl: LOOK_AGAIN_MS });

  constructor(private readonly tasks: TaskStore) {}

  /** @throws TooManyRequests */
  async assertRoom({ id, name }: RepositoryIdentity, kind: TaskKind): Promise<void> {
    const fullness = await (this.looks.get(id) ?? this.look(id));
    if (fullness < (BULK.includes(kind) ? 1 : ROOM_OF_PEOPLE)) return;
    const message = `too many changes of repository ${name} wait to be published`;
    throw new TooManyRequests('too-many-changes', message, RETRY_AFTER_SECONDS);
  }

  private look(id: number): Promise<number> {
    const look = this.fullness(id);
    this.looks.set(id, look);
    look.catch(() => this.looks.delete(id));
    return look;
  }

  /** 1 where pipelines have filled the room. */
  private async fullness(id: number): Promise<number> {
    const { changes, bytes } = await this.tasks.waiting(id);
    return Math.max(changes / MAXIMUM_CHANGES, bytes / MAXIMUM_BYTES);
  }
}
