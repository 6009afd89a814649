import { Injectable } from '@nestjs/common';
import { Clock } from '../clock.js';
import { ArtifactStore } from '../database/artifact.store.js';
import type { RoleEntity } from '../database/entities/role.entity.js';
import { KeyStore } from '../database/key.store.js';
import { type DelegatedRolesSummary, MetadataStore } from '../database/metadata.store.js';
import { type RepositoryRecord, RepositoryStore } from '../database/repository.store.js';
import type { TaskRecord } from '../database/task.store.js';
import type { Mutation } from '../http/mutation.js';
import { cursorKey, type PageQuery, pageOf } from '../http/pagination.js';
import type { Principal } from '../http/principal.js';
import { ProblemError } from '../http/problem.js';
import { SigstoreIdentities } from '../sigstore/sigstore-identities.js';
import type { TrustedKeys } from '../tuf/delegation.js';
import { TufError } from '../tuf/errors.js';
import { assertIdentitiesVerifiable } from '../tuf/identity-trust.js';
import type { KeyId } from '../tuf/key.js';
import { type RoleKeys, TOP_LEVEL_ROLES, type TopLevelRole } from '../tuf/metadata.js';
import { assertOnlineRoles } from '../tuf/online-roles.js';
import { parseRoot } from '../tuf/parse-root.js';
import { assertAcceptableFirstRoot } from '../tuf/root-trust.js';
import { parseSettings, type RepositorySettings } from '../tuf/settings.js';
import { type RepositoryWarning, repositoryWarnings } from '../tuf/sizing/repository-warnings.js';
import type { CreateRepositoryDto } from './create-repository.dto.js';
import {
  type RepositoryDto,
  type RepositoryPage,
  type RepositorySummaryDto,
  type SizesDto,
  settingsDto,
  type TopLevelRoleDto,
} from './repository.dto.js';
import { givenSettings, type SettingsDto } from './settings.dto.js';

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
    const settings = await this.settingsOf(body.settings ?? {});
    const root = parseRoot(body.root);
    assertIdentitiesVerifiable(root.signed.keys, this.identities.verifier, 'root.signed.keys');
    assertAcceptableFirstRoot(root, createdAt, this.identities.verifier);
    assertOnlineRoles(root.signed, await this.keys.onlineKeyIds());
    const { origin, idempotencyKey, requestDigest } = mutation;
    const change = { kind: 'set-root', root } as const;
    const created = await this.repositories.create(body.name, settings, {
      change,
      origin,
      action: 'create-repository',
      idempotencyKey,
      requestDigest,
      createdAt,
    });
    if (created) return created;
    throw new ProblemError(409, 'repository-exists', `there is a repository named ${body.name} already`, {
      errors: [{ field: 'name', rule: 'must not be taken' }],
    });
  }

  private async settingsOf(dto: SettingsDto): Promise<RepositorySettings> {
    const binSigners = dto.bins?.keys ? await this.binSigners(dto.bins.keys, dto.bins.threshold ?? 1) : null;
    return parseSettings({ ...givenSettings(dto), ...(dto.bins !== undefined && { bins: dto.bins }), binSigners });
  }

  private async binSigners(keyids: readonly string[], threshold: number): Promise<TrustedKeys> {
    const found = await Promise.all(keyids.map((keyid) => this.keys.find(keyid)));
    const online = found.flatMap((key) => (key?.uri ? [[key.keyId, key.key] as const] : []));
    const keys = Object.fromEntries(online);
    if (online.length === keyids.length && Object.keys(keys).length >= threshold) {
      return { keys, keyids: online.map(([keyid]) => keyid), threshold };
    }
    const rule = 'must be distinct online keys of this service, as many as the threshold at least';
    throw new TufError('online-key-missing', `settings.bins.keys ${rule}`, 'settings.bins.keys');
  }

  /** Only those that the principal may use, so that a page may hold fewer than there are. */
  async list(query: PageQuery, principal: Principal): Promise<RepositoryPage> {
    const found = await this.repositories.list(cursorKey(query), query.limit + 1);
    const { items, next } = pageOf(found, query.limit, ({ name }) => name, summaryOf);
    return { items: items.filter(({ name }) => principal.mayUseRepository(name)), next };
  }

  async show(repository: RepositoryRecord): Promise<RepositoryDto> {
    const delegated = await this.metadata.delegatedRolesSummary(repository.id);
    const oldest = await this.metadata.oldestRevision(repository.id);
    const topLevel = await this.topLevelRoles(repository.id);
    const artifactCount = await this.artifacts.count(repository.id);
    return {
      ...summaryOf(repository),
      settings: settingsDto(repository.settings),
      roles: await this.topLevelRoleDtos(repository, topLevel),
      bins: delegated && {
        count: delegated.count,
        highestVersion: delegated.highestVersion,
        earliestExpiry: delegated.earliestExpiry.toISOString(),
      },
      history: oldest && { oldestRevision: oldest.number, since: oldest.publishedAt.toISOString() },
      artifactCount,
      sizes: topLevel && sizesOf(topLevel, delegated),
      warnings: topLevel ? warningsOf(repository, topLevel, delegated, artifactCount) : [],
    };
  }

  /** Null before the first revision. */
  private async topLevelRoles(repositoryId: number): Promise<TopLevel | null> {
    const [root, targets, snapshot, timestamp] = await Promise.all(
      TOP_LEVEL_ROLES.map((role) => this.metadata.role(repositoryId, role)),
    );
    return root && targets && snapshot && timestamp ? { root, targets, snapshot, timestamp } : null;
  }

  private async topLevelRoleDtos({ name }: RepositoryRecord, topLevel: TopLevel | null): Promise<TopLevelRoleDto[]> {
    const root = await this.metadata.root(name);
    if (!topLevel || !root) return [];
    const online = await this.keys.onlineKeyIds();
    return TOP_LEVEL_ROLES.map((role) => roleDto(topLevel[role], root.signed.roles[role], online));
  }
}

type TopLevel = Readonly<Record<TopLevelRole, RoleEntity>>;

function sizesOf(topLevel: TopLevel, delegated: DelegatedRolesSummary | null): SizesDto {
  const { root, targets, snapshot, timestamp } = topLevel;
  return {
    root: root.bytes,
    timestamp: timestamp.bytes,
    snapshot: snapshot.bytes,
    targets: targets.bytes,
    delegated: delegated?.bytes ?? 0,
    largestRole: Math.max(targets.bytes, delegated?.largestBytes ?? 0),
  };
}

function warningsOf(
  { settings }: RepositoryRecord,
  topLevel: TopLevel,
  delegated: DelegatedRolesSummary | null,
  artifacts: number,
): RepositoryWarning[] {
  const { bins } = settings;
  const rootVersion = topLevel.root.version;
  return repositoryWarnings({ artifacts, bins, rootVersion, files: sizesOf(topLevel, delegated), delegated });
}

function roleDto(
  role: Pick<RoleEntity, 'name' | 'version' | 'expiresAt'>,
  { keyids, threshold }: RoleKeys,
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
