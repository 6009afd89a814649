import { LRUCache } from 'lru-cache';
import { sha256Hex } from '../tuf/metadata-file.js';
import type { PublishedMetadata } from '../tuf/repository-state.js';

/** Repositories whose top level is kept in memory; one of 16,384 bins takes some 5 MB. */
const MAXIMUM_REPOSITORIES = 64;

/**
 * What is published, as far as the next revision is sure to need it: the top level and what delegates. It holds for
 * one timestamp, so that another process, or a restored database, makes it worthless and not wrong.
 */
export class PublishedCache {
  private readonly byRepository = new LRUCache<number, Known>({ max: MAXIMUM_REPOSITORIES });

  /** @param timestamp sha256 of the timestamp in force. */
  find(repositoryId: number, timestamp: string): PublishedMetadata | null {
    const known = this.byRepository.get(repositoryId);
    return known?.timestamp === timestamp ? known.published : null;
  }

  /** @param timestamp the file itself. */
  keep(repositoryId: number, timestamp: Uint8Array, { delegated, ...published }: PublishedMetadata): void {
    const delegators = new Map([...delegated].filter(([, { signed }]) => signed.delegations));
    this.byRepository.set(repositoryId, {
      timestamp: sha256Hex(timestamp),
      published: { ...published, delegated: delegators, listing: new Map() },
    });
  }
}

interface Known {
  readonly timestamp: string;
  readonly published: PublishedMetadata;
}
