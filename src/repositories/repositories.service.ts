import { Injectable } from '@nestjs/common';
import { Clock } from '../clock.js';
import { ArtifactStore } from '../database/artifact.store.js';
import { KeyStore } from '../database/key.store.js';
import { MetadataStore } from '../database/metadata.store.js';
import { type RepositoryRecord, RepositoryStore } from '../database/repository.store.js';
import type { TaskRecord } from '../database/task.store.js';
import type { Mutation } from '../http/mutation.js';
import { cursorKey, type PageQuery, pageOf } from '../http/pagination.js';
import { ProblemError } from '../http/problem.js';
import { SigstoreIdentities } from '../sigstore/sigstore-identities.js';
import { assertIdentitiesVerifiable } from '../tuf/identity-trust.js';
import type { KeyId } from '../tuf/key.js';
import { TOP_LEVEL_ROLES } from '../tuf/metadata.js';
import { assertOnlineRoles } from '../tuf/online-roles.js';
import { parseRoot } from '../tuf/parse-root.js';
import { assertAcceptableFirstRoot } from '../tuf/root-trust.js';
import { parseSettings } from '../tuf/settings.js';
import type { CreateRepositoryDto } from './create-repository.dto.js';
import type { RepositoryDto, RepositoryPage, RepositorySummaryDto, TopLevelRoleDto } from './repository.dto.js';
import { givenSettings } from './settings.dto.js';

@Injectable()
export class RepositoriesService {
  constructor(
    private readonly repositories: RepositoryStore,
    private readonly metadata: MetadataStore,
    private readonly artifacts: ArtifactStore,
    private readonly keys: KeyStore,
    private readonly identities: SigstoreIdentities,
    private readonly clock: Clock,
  ) {}

  /** Records the repository with the change that brings its first root into force. */
  async create(body: CreateRepositoryDto, mutation: Mutation): Promise<TaskRecord> {
    const createdAt = this.clock.now();
    const settings = parseSettings(givenSettings(body.settings ?? {}));
    const root = parseRoot(body.root);
    assertIdentitiesVerifiable(root.signed.keys, this.identities.verifier, 'root.signed.keys');
    assertAcceptableFirstRoot(root, createdAt, this.identities.verifier);
    assertOnlineRoles(root.signed, await this.keys.keyIds());
    const { principal, idempotencyKey, requestDigest } = mutation;
    const change = { kind: 'set-root', root } as const;
    const created = await this.repositories.create(body.name, settings, {
      change,
      principal,
      idempotencyKey,
      requestDigest,
      createdAt,
    });
    if (created) return created;
    throw new ProblemError(409, 'repository-exists', `there is a repository named ${body.name} already`, {
      errors: [{ field: 'name', rule: 'must not be taken' }],
    });
  }

  async list(query: PageQuery): Promise<RepositoryPage> {
    const found = await this.repositories.list(cursorKey(query), query.limit + 1);
    return pageOf(found, query.limit, ({ name }) => name, summaryOf);
  }

  async show(repository: RepositoryRecord): Promise<RepositoryDto> {
    const bins = await this.metadata.delegatedRolesSummary(repository.id);
    return {
      ...summaryOf(repository),
      settings: repository.settings,
      roles: await this.topLevelRoles(repository),
      bins: bins && { ...bins, earliestExpiry: bins.earliestExpiry.toISOString() },
      artifactCount: await this.artifacts.count(repository.id),
    };
  }

  private async topLevelRoles({ id, name }: RepositoryRecord): Promise<TopLevelRoleDto[]> {
    const metadata = await this.metadata.root(name);
    if (!metadata) return [];
    const { signed: root } = metadata;
    const online = await this.keys.keyIds();
    const roles = await Promise.all(TOP_LEVEL_ROLES.map((role) => this.metadata.role(id, role)));
    return roles.flatMap((role, index) => {
      const top = TOP_LEVEL_ROLES[index];
      return role && top ? [roleDto(role, root.roles[top], online)] : [];
    });
  }
}

function roleDto(
  role: { readonly name: string; readonly version: number; readonly expiresAt: Date },
  { keyids, threshold }: { readonly keyids: readonly KeyId[]; readonly threshold: number },
  online: ReadonlySet<KeyId>,
): TopLevelRoleDto {
  return {
    name: role.name,
    version: role.version,
    expires: role.expiresAt.toISOString(),
    threshold,
    keyIds: keyids,
    onlineKeyIds: keyids.filter((keyid) => online.has(keyid)),
  };
}

function summaryOf({ name, state, createdAt }: RepositoryRecord): RepositorySummaryDto {
  return { name, state, createdAt: createdAt.toISOString(), metadataUrl: `/repositories/${name}/metadata/` };
}
