import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { delegatedRoleNames } from '../tuf/delegation.js';
import { sha256Hex } from '../tuf/metadata-file.js';
import type { PublishedMetadata } from '../tuf/repository-state.js';
import type { SnapshotEntries } from '../tuf/snapshot-entries.js';
import { pathsIn } from '../tuf/targets-content.js';

/** Of all repositories together; each takes some 300 bytes. */
const MAXIMUM_ENTRIES = 500_000;

/**
 * What is published, as far as the next revision is sure to need it: the top level and what delegates. It holds for
 * one timestamp, so that another process, or a restored database, makes it worthless and not wrong.
 */
@Injectable()
export class PublishedCache {
  private readonly byRepository = new LRUCache<number, Known>({
    maxSize: MAXIMUM_ENTRIES,
    sizeCalculation: ({ published }) => entriesOf(published),
  });

  /** @param timestamp sha256 of the timestamp in force. */
  find(repositoryId: number, timestamp: string): PublishedMetadata | null {
    const known = this.byRepository.get(repositoryId);
    return known?.timestamp === timestamp ? known.published : null;
  }

  /** What a snapshot said that was published here: others' snapshots repeat most of it. */
  lastSnapshot(repositoryId: number): SnapshotEntries | undefined {
    return this.byRepository.get(repositoryId)?.published.snapshot.signed.meta;
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

/** Of snapshot, and of all that delegates, artifacts and roles that are spelled out. */
function entriesOf({ snapshot, targets, delegated }: PublishedMetadata): number {
  const delegators = [targets, ...delegated.values()].map(({ signed }) => signed);
  const listed = delegators.reduce((sum, { targets, delegations }) => {
    const spelledOut = delegations?.succinct_roles ? 1 : delegatedRoleNames(delegations).length;
    return sum + pathsIn({ targets }).length + spelledOut;
  }, 0);
  return listed + snapshot.signed.meta.size + 1;
}
