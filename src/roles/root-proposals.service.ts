import { Injectable } from '@nestjs/common';
import { Clock } from '../clock.js';
import { KeyStore } from '../database/key.store.js';
import { MetadataStore } from '../database/metadata.store.js';
import type { RepositoryRecord } from '../database/repository.store.js';
import { SigstoreIdentities } from '../sigstore/sigstore-identities.js';
import type { Change } from '../tuf/change.js';
import { assertIdentitiesVerifiable } from '../tuf/identity-trust.js';
import { assertOnlineRoles } from '../tuf/online-roles.js';
import { parseRoot } from '../tuf/parse-root.js';
import { assertAcceptableFirstRoot, assertMayFollow } from '../tuf/root-trust.js';
import type { RootMetadataDto } from './root-metadata.dto.js';

/** Checks a proposed root at once; the publisher decides again when it applies the change. */
@Injectable()
export class RootProposals {
  constructor(
    private readonly metadata: MetadataStore,
    private readonly keys: KeyStore,
    private readonly identities: SigstoreIdentities,
    private readonly clock: Clock,
  ) {}

  async proposal(repository: RepositoryRecord, body: RootMetadataDto): Promise<Change> {
    const root = parseRoot({ signatures: body.signatures, signed: body.signed });
    const inForce = await this.metadata.root(repository.name);
    const { verifier } = this.identities;
    assertIdentitiesVerifiable(root.signed.keys, verifier, 'root.signed.keys');
    if (inForce) assertMayFollow(root, inForce.signed, this.clock.now(), verifier);
    else assertAcceptableFirstRoot(root, this.clock.now(), verifier);
    assertOnlineRoles(root.signed, await this.keys.onlineKeyIds());
    return { kind: 'set-root', root };
  }
}
