import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DelegationTree } from '../tuf/delegation-tree.js';
import type { BinsInForce, RoleInForce } from '../tuf/forecast.js';
import { BIN_NAME } from '../tuf/hash-bins.js';
import type { Delegations, Root, Signed, SignedMetadata, Targets } from '../tuf/metadata.js';
import { ROOT, type RoleName } from '../tuf/role-name.js';
import { RoleEntity } from './entities/role.entity.js';
import { type StoredBytes, unpackMetadata } from './stored-bytes.js';
import { IN_FORCE, versionLookUp } from './version-look-up.js';

export interface StoredFile extends StoredBytes {
  /** Of what was signed. */
  readonly sha256: string;
}

export interface PublishedRevision {
  readonly number: number;
  readonly publishedAt: Date;
}

export interface DelegatedRolesSummary {
  readonly count: number;
  readonly highestVersion: number;
  readonly earliestExpiry: Date;
  /** Of all their files. */
  readonly bytes: number;
  readonly largestBytes: number;
}

const CONTENT = 'file.encoding, file.bytes, file.sha256';

/** Reads published metadata. */
@Injectable()
export class MetadataStore {
  constructor(private readonly dataSource: DataSource) {}

  /** One version of a role, by the repository's name. */
  async version(repository: string, role: string, version: number): Promise<StoredFile | null> {
    const rows: StoredFile[] = await this.dataSource.query(
      `select file.* from repository
       cross join ${versionLookUp('file', CONTENT, ['repository.id', '$2', '$3'])}
       where repository.name = $1`,
      [repository, role, version],
    );
    return rows[0] ?? null;
  }

  /** The version of a role that is in force. */
  async current(repository: string, role: string): Promise<StoredFile | null> {
    const rows: StoredFile[] = await this.dataSource.query(
      `select file.* from repository
       join role on role.repository_id = repository.id
       cross join ${versionLookUp('file', CONTENT, IN_FORCE)}
       where repository.name = $1 and role.name = $2`,
      [repository, role],
    );
    return rows[0] ?? null;
  }

  /** One version of a role, read. */
  async signedVersion<T extends Signed>(
    repository: string,
    role: string,
    version: number,
  ): Promise<SignedMetadata<T> | null> {
    const file = await this.version(repository, role, version);
    return file && unpackMetadata(file);
  }

  /** The root in force, or null before the first revision. */
  async root(repository: string): Promise<SignedMetadata<Root> | null> {
    const file = await this.current(repository, ROOT);
    return file && unpackMetadata(file);
  }

  /** Who delegates to whom, as clients see it now; null before the first revision. */
  async delegationTree(repositoryId: number): Promise<DelegationTree | null> {
    const rows: (StoredBytes & { role: RoleName })[] = await this.dataSource.query(
      `select role.name as role, file.* from role cross join ${versionLookUp('file', CONTENT, IN_FORCE)}
       where role.repository_id = $1 and (role.delegates or role.name = 'root')`,
      [repositoryId],
    );
    let root: Root | null = null;
    const delegations = new Map<RoleName, Delegations>();
    for (const { role, ...stored } of rows) {
      const { signed } = await unpackMetadata<Root | Targets>(stored);
      if (signed._type === 'root') root = signed;
      else if (signed.delegations) delegations.set(role, signed.delegations);
    }
    return root && new DelegationTree(root, delegations);
  }

  /** The oldest revision of which everything that clients ask for is kept; null before the first one. */
  async oldestRevision(repositoryId: number): Promise<PublishedRevision | null> {
    const rows: PublishedRevision[] = await this.dataSource.query(
      `select revision as number, created_at as "publishedAt" from metadata_version
       where repository_id = $1 and role = 'timestamp' order by version limit 1`,
      [repositoryId],
    );
    return rows[0] ?? null;
  }

  role(repositoryId: number, name: string): Promise<RoleEntity | null> {
    return this.dataSource.getRepository(RoleEntity).findOneBy({ repositoryId, name });
  }

  roles(repositoryId: number, after: string, limit: number): Promise<RoleEntity[]> {
    return this.dataSource
      .getRepository(RoleEntity)
      .createQueryBuilder('role')
      .where('role.repositoryId = :repositoryId and role.name > :after', { repositoryId, after })
      .orderBy('role.name')
      .limit(limit)
      .getMany();
  }

  /** All delegated roles as one figure; null before the first revision. */
  async delegatedRolesSummary(repositoryId: number): Promise<DelegatedRolesSummary | null> {
    const rows: DelegatedRolesSummary[] = await this.dataSource.query(
      `select count(*)::integer as count, max(version) as "highestVersion", min(expires_at) as "earliestExpiry",
         sum(bytes)::float8 as bytes, max(bytes) as "largestBytes"
       from role where repository_id = $1 and name not in ('root', 'targets', 'snapshot', 'timestamp')
       having count(*) > 0`,
      [repositoryId],
    );
    return rows[0] ?? null;
  }

  /** Roles, but no bins, that expire until then, and those named. */
  async rolesExpiring(repositoryId: number, until: Date, named: readonly RoleName[]): Promise<RoleInForce[]> {
    return this.dataSource.query(
      `select name, version, expires_at as expires, renew_at as "renewedFrom" from role
       where repository_id = $1 and name !~ $2 and (expires_at <= $3 or name = any($4::text[]))`,
      [repositoryId, BIN_NAME.source, until, named],
    );
  }

  /** The bins of each delegator that expire until then, as one. */
  async binsExpiring(repositoryId: number, until: Date): Promise<BinsInForce[]> {
    return this.dataSource.query(
      `select regexp_replace(name, '-[0-9a-f]+$', '') as prefix, count(*)::integer as count,
         max(version) as "highestVersion", min(expires_at) as "firstExpires", max(expires_at) as "lastExpires",
         min(renew_at) as "firstRenewedFrom"
       from role where repository_id = $1 and name ~ $2 and expires_at <= $3 group by 1`,
      [repositoryId, BIN_NAME.source, until],
    );
  }

  /**
   * The repositories in which a role is inside its renewal window. Asked for every second, and mostly there is none: whether
   * there is a first one is read from an index, whatever the statistics say, and without it nothing else is read.
   */
  async repositoriesWithDueRoles(now: Date): Promise<number[]> {
    const rows: { repository_id: number }[] = await this.dataSource.query(
      `select distinct repository_id from role
       where renew_at <= $1 and (select true from role where renew_at <= $1 order by renew_at limit 1)`,
      [now],
    );
    return rows.map((row) => row.repository_id);
  }

  /**
   * Roles that expire until then, in all repositories that clients can use. Neither bins nor snapshot nor timestamp are
   * among them: the service always signs these.
   */
  async rolesExpiringAnywhere(until: Date): Promise<RoleSomewhere[]> {
    return this.dataSource.query(
      `select repository.id as "repositoryId", repository.name as repository, role.name, role.version,
         role.expires_at as expires, role.renew_at as "renewedFrom"
       from role join repository on repository.id = role.repository_id and repository.state = 'ready'
       where role.expires_at <= $1 and role.name not in ('snapshot', 'timestamp') and role.name !~ $2`,
      [until, BIN_NAME.source],
    );
  }

  /** Roles that expired, or should have been renewed before `overdueSince`. */
  async overdueRoles(now: Date, overdueSince: Date, limit: number): Promise<OverdueRole[]> {
    return this.dataSource.query(
      `select repository.name as repository, role.name as role, role.expires_at as "expiresAt"
       from role join repository on repository.id = role.repository_id
       where role.expires_at <= $1 or role.renew_at <= $2 order by role.expires_at limit $3`,
      [now, overdueSince, limit],
    );
  }
}

/** A role and the repository that it is in. */
export interface RoleSomewhere extends RoleInForce {
  readonly repositoryId: number;
  readonly repository: string;
}

export interface OverdueRole {
  readonly repository: string;
  readonly role: string;
  readonly expiresAt: Date;
}
