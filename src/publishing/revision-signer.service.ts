import { Injectable } from '@nestjs/common';
import type { Snapshot, Targets, Timestamp } from '../tuf/metadata.js';
import { type MetadataFile, metadataFile, type Revision } from '../tuf/metadata-file.js';
import type { RepositoryState } from '../tuf/repository-state.js';
import { type RevisionContent, signersOf } from '../tuf/revision.js';
import { ROOT, SNAPSHOT, TIMESTAMP } from '../tuf/role-name.js';
import { nextSnapshot, nextTimestamp } from '../tuf/snapshot-and-timestamp.js';
import { OnlineSigner } from './online-signer.service.js';

/** Signs a revision in the order of reference: snapshot names the signed targets roles, timestamp the signed snapshot. */
@Injectable()
export class RevisionSigner {
  constructor(private readonly signer: OnlineSigner) {}

  async sign(content: RevisionContent, state: RepositoryState, now: Date): Promise<Revision> {
    const root = content.rootIsNew ? metadataFile(ROOT, content.root) : null;
    const targetsRoles = await this.signTargetsRoles(content);
    const snapshot = content.snapshotIsNew ? await this.signSnapshot(content, targetsRoles, state, now) : null;
    const timestamp = await this.signTimestamp(content, snapshot, state, now);
    return { root, targetsRoles, snapshot, timestamp };
  }

  private signTargetsRoles(content: RevisionContent): Promise<MetadataFile<Targets>[]> {
    return Promise.all(
      [...content.targetsRoles].map(async ([role, targets]) =>
        metadataFile(role, await this.signer.sign(targets, signersOf(content, role))),
      ),
    );
  }

  private async signSnapshot(
    content: RevisionContent,
    targetsRoles: readonly MetadataFile<Targets>[],
    { published, settings }: RepositoryState,
    now: Date,
  ): Promise<MetadataFile<Snapshot>> {
    const snapshot = nextSnapshot(published?.snapshot.signed ?? null, targetsRoles, settings, now);
    return metadataFile(SNAPSHOT, await this.signer.sign(snapshot, signersOf(content, SNAPSHOT)));
  }

  private async signTimestamp(
    content: RevisionContent,
    snapshot: MetadataFile<Snapshot> | null,
    { published, settings }: RepositoryState,
    now: Date,
  ): Promise<MetadataFile<Timestamp>> {
    const timestamp = nextTimestamp(published?.timestamp.signed ?? null, snapshot, settings, now);
    return metadataFile(TIMESTAMP, await this.signer.sign(timestamp, signersOf(content, TIMESTAMP)));
  }
}
