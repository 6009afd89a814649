import { Injectable } from '@nestjs/common';
import type { OnlineKey } from '../key-vaults/key-vault.js';
import type { Signed, Snapshot, Targets } from '../tuf/metadata.js';
import { type MetadataFile, metadataFile, type Revision } from '../tuf/metadata-file.js';
import type { RepositoryState } from '../tuf/repository-state.js';
import { type RevisionContent, signersOf } from '../tuf/revision.js';
import { ROOT, type RoleName, SNAPSHOT, TIMESTAMP } from '../tuf/role-name.js';
import { nextSnapshot, nextTimestamp } from '../tuf/snapshot-and-timestamp.js';
import { OnlineSigner } from './online-signer.service.js';

/** Signs a revision in the order of reference: snapshot names the signed targets roles, timestamp the signed snapshot. */
@Injectable()
export class RevisionSigner {
  constructor(private readonly signer: OnlineSigner) {}

  async sign(
    content: RevisionContent,
    { published, settings }: RepositoryState,
    now: Date,
    online: readonly OnlineKey[],
  ): Promise<Revision> {
    const file = async <T extends Signed>(role: RoleName, signed: T): Promise<MetadataFile<T>> =>
      metadataFile(role, await this.signer.sign(signed, signersOf(content, role), online));
    const targetsRoles: MetadataFile<Targets>[] = await Promise.all(
      [...content.targetsRoles].map(([role, targets]) => file(role, targets)),
    );
    const snapshot: MetadataFile<Snapshot> | null = content.snapshotIsNew
      ? await file(SNAPSHOT, nextSnapshot(published?.snapshot.signed ?? null, targetsRoles, settings, now))
      : null;
    const timestamp = nextTimestamp(published?.timestamp.signed ?? null, snapshot, settings, now);
    return {
      root: content.rootIsNew ? metadataFile(ROOT, content.root) : null,
      targetsRoles,
      snapshot,
      timestamp: await file(TIMESTAMP, timestamp),
    };
  }
}
