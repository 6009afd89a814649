import { Injectable } from '@nestjs/common';
import type { OnlineKey } from '../key-vaults/key-vault.js';
import { payloadOf } from '../tuf/encode-metadata.js';
import type { Signed, Snapshot } from '../tuf/metadata.js';
import { type MetadataFile, metadataFile, type Revision } from '../tuf/metadata-file.js';
import type { RepositoryState } from '../tuf/repository-state.js';
import { type RevisionContent, signersOf } from '../tuf/revision.js';
import { ROOT, type RoleName, SNAPSHOT, TIMESTAMP } from '../tuf/role-name.js';
import type { RepositorySettings } from '../tuf/settings.js';
import { isRootEvent, type SigningEvent } from '../tuf/signing-event.js';
import { nextSnapshot, nextTimestamp } from '../tuf/snapshot-and-timestamp.js';
import { OnlineSigner } from './online-signer.service.js';
import { eachInTurns } from './turns.js';

/** Signs a revision in the order of reference: snapshot names the signed targets roles, timestamp the signed snapshot. */
@Injectable()
export class RevisionSigner {
  constructor(private readonly signer: OnlineSigner) {}

  async sign(
    content: RevisionContent,
    { published }: RepositoryState,
    settings: RepositorySettings,
    now: Date,
    online: readonly OnlineKey[],
  ): Promise<Revision> {
    const file = async <T extends Signed>(role: RoleName, signed: T): Promise<MetadataFile<T>> => {
      const payload = payloadOf(signed);
      const signatures = await this.signer.sign(payload, signersOf(content, role), online);
      return metadataFile(role, { signatures, signed }, payload);
    };
    const targetsRoles = await eachInTurns(content.targetsRoles, ([role, next]) =>
      'signatures' in next ? metadataFile(role, next) : file(role, next),
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

  /** Adds the signatures of online keys to what waits for those of people beside them. */
  async signEvent(event: SigningEvent, online: readonly OnlineKey[]): Promise<SigningEvent> {
    if (isRootEvent(event) || event.state !== 'open') return event;
    const { metadata, signers } = event;
    const there = new Set(metadata.signatures.map(({ keyid }) => keyid));
    const added = await this.signer.sign(
      payloadOf(metadata.signed),
      signers,
      online.filter(({ keyId }) => !there.has(keyId)),
    );
    if (added.length === 0) return event;
    return { ...event, metadata: { ...metadata, signatures: [...metadata.signatures, ...added] } };
  }
}
