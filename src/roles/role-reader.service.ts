import { Injectable } from '@nestjs/common';
import { KeyStore } from '../database/key.store.js';
import { MetadataStore } from '../database/metadata.store.js';
import type { RepositoryRecord } from '../database/repository.store.js';
import { SigningEventStore, signingEventOf } from '../database/signing-event.store.js';
import type { DelegationTree } from '../tuf/delegation-tree.js';
import { TufError } from '../tuf/errors.js';
import type { KeyId } from '../tuf/key.js';
import { plannedTree } from '../tuf/planned-tree.js';
import { type RoleDefinition, roleDefinition } from '../tuf/role-definition.js';
import type { RoleName } from '../tuf/role-name.js';
import type { SigningEvent } from '../tuf/signing-event.js';

/** Who delegates to whom in a repository, as clients see it and as it is decided, and what waits for signatures. */
export interface RolesAsTheyStand {
  readonly repository: RepositoryRecord;
  readonly inForce: DelegationTree;
  /** Once everything that waits has its signatures. */
  readonly planned: DelegationTree;
  readonly openEvents: readonly SigningEvent[];
  readonly onlineKeys: ReadonlySet<KeyId>;
}

@Injectable()
export class RoleReader {
  constructor(
    private readonly metadata: MetadataStore,
    private readonly events: SigningEventStore,
    private readonly keys: KeyStore,
  ) {}

  /** @throws TufError `repository-not-ready` before the first revision. */
  async read(repository: RepositoryRecord): Promise<RolesAsTheyStand> {
    const inForce = await this.metadata.delegationTree(repository.id);
    if (!inForce) {
      throw new TufError(
        'repository-not-ready',
        `repository ${repository.name} has no roles yet: it is ${repository.state}`,
      );
    }
    const openEvents = (await this.events.open(repository.id)).map(signingEventOf);
    const planned = plannedTree(inForce, openEvents);
    return { repository, inForce, planned, openEvents, onlineKeys: await this.keys.onlineKeyIds() };
  }
}

/** A role as it is decided. @throws TufError `role-unknown`. */
export function decided({ repository, planned }: RolesAsTheyStand, name: RoleName): RoleDefinition {
  const definition = roleDefinition(planned, repository.settings, name);
  if (definition) return definition;
  throw new TufError('role-unknown', `repository ${repository.name} has no role ${name}`);
}
