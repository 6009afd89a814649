import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { allDone } from '../all-done.js';
import { Clock } from '../clock.js';
import type { Publication } from '../database/publication.store.js';
import type { ImportSlice } from '../database/publication-imports.js';
import type { PublicationReader } from '../database/publication-reader.js';
import { PublicationWitness, type Witnessed } from '../database/publication-witness.js';
import type { OnlineKey } from '../key-vaults/key-vault.js';
import { SigstoreIdentities } from '../sigstore/sigstore-identities.js';
import type { RequestedChange } from '../tuf/change.js';
import type { KeyId } from '../tuf/key.js';
import {
  type PublishedMetadata,
  publishedTree,
  type RepositoryState,
  type RevisionContext,
} from '../tuf/repository-state.js';
import { leapOf, leapt } from '../tuf/version-leap.js';
import { PublishedCache } from './published-cache.js';

/** Bounds on what one revision takes. */
export interface Bounds {
  /** Without it, as many as there are. */
  readonly changes?: number;
  /** Of the changes as JSON, the last one excepted. */
  readonly changeBytes: number;
  /** Of an import. */
  readonly entries: number;
}

/** What waits or is due, and what a revision of it starts from. */
export interface Work {
  /** The number of the revision. */
  readonly revision: number;
  readonly changes: readonly RequestedChange[];
  /** Of the changes as JSON, a slice of an import excepted. */
  readonly changeBytes: number;
  /** Of an import, the last of the changes. */
  readonly slice: ImportSlice | null;
  /** As much of it as is sure to be needed. */
  readonly state: RepositoryState;
  readonly context: RevisionContext;
  readonly onlineKeys: readonly OnlineKey[];
  /** Null before the first revision. */
  readonly inForce: Witnessed | null;
}

/** Reads the work of a publisher, under its lock. */
@Injectable()
export class WorkAtHand {
  constructor(
    private readonly witness: PublicationWitness,
    private readonly identities: SigstoreIdentities,
    private readonly published: PublishedCache,
    private readonly clock: Clock,
  ) {}

  /** @returns null where there is nothing to do. @throws TufError where clients have seen more than the database knows. */
  async read(repositoryId: number, { read, imports }: Publication, bounds: Bounds): Promise<Work | null> {
    const now = this.clock.now();
    // Asked all at once, they take one round trip; none depends on another.
    const [waiting, due, inForce, settings, openEvents, onlineKeys, revision, openImports] = await allDone([
      read.waitingChanges(bounds.changeBytes, bounds.changes),
      read.dueRoles(now),
      read.timestampInForce(),
      read.settings(),
      read.openEvents(),
      read.onlineKeys(),
      read.nextRevision(),
      imports.openImports(),
    ]);
    const slice = await imports.nextSlice(openImports, bounds.entries, waiting);
    const changes = slice ? [...waiting, slice.change] : waiting;
    if (changes.length === 0 && due.length === 0) return null;
    const changeBytes = waiting.reduce((sum, { bytes }) => sum + bytes, 0);
    const online = new Set(onlineKeys.map(({ keyId }) => keyId));
    const known = await this.publishedNow(repositoryId, read, inForce);
    const published = known && (await this.goingOn(read, inForce, known, changes, online));
    const { verifier: identities } = this.identities;
    const context = { now, due, identities, onlineKeys: online, newEventId: randomUUID };
    const state = { settings, openEvents, published };
    return { revision, changes, changeBytes, slice, context, onlineKeys, inForce, state };
  }

  /** What the next revision follows. @throws TufError where clients have seen more than the database knows. */
  private async goingOn(
    read: PublicationReader,
    inForce: Witnessed | null,
    published: PublishedMetadata,
    changes: readonly RequestedChange[],
    onlineKeys: ReadonlySet<KeyId>,
  ): Promise<PublishedMetadata> {
    const { version } = published.timestamp.signed;
    const leap = leapOf(changes, version);
    await this.witness.assertGoesOn(inForce, version + leap + 1);
    if (leap === 0) return published;
    const roles = new Set(publishedTree(published).names());
    return leapt(
      { ...published, delegated: await read.delegatedRoles(roles, published.snapshot.signed) },
      leap,
      onlineKeys,
    );
  }

  private async publishedNow(
    repositoryId: number,
    read: PublicationReader,
    inForce: Witnessed | null,
  ): Promise<PublishedMetadata | null> {
    const known = inForce && this.published.find(repositoryId, inForce.sha256);
    if (known) return known;
    const [topLevel, delegated] = await allDone([
      read.topLevelRoles(this.published.lastSnapshot(repositoryId)),
      read.delegatingRoles(),
    ]);
    return topLevel && { ...topLevel, delegated, listing: new Map() };
  }
}
