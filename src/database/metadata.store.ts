import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DelegationTree } from '../tuf/delegation-tree.js';
import type { Delegations, Root, Signed, SignedMetadata, Targets } from '../tuf/metadata.js';
import { ROOT, type RoleName } from '../tuf/role-name.js';
import { RoleEntity } from './entities/role.entity.js';
import { type StoredBytes, unpackMetadata } from './stored-bytes.js';

export interface StoredFile extends StoredBytes {
  /** Of what was signed. */
  readonly sha256: string;
}

export interface PublishedRevision {
  readonly number: number;
  readonly publishedAt: Date;
}

export interface BinsSummary {
  readonly count: number;
  readonly highestVersion: number;
  readonly earliestExpiry: Date;
}

/** Reads published metadata. */
@Injectable()
export class MetadataStore {
  constructor(private readonly dataSource: DataSource) {}

  /** One version of a role, by the repository's name. */
  async version(repository: string, role: string, version: number): Promise<StoredFile | null> {
    const rows: StoredFile[] = await this.dataSource.query(
      `select encoding, bytes, sha256 from metadata_version
       where repository_id = (select id from repository where name = $1) and role = $2 and version = $3`,
      [repository, role, version],
    );
    return rows[0] ?? null;
  }

  /** The version of a role that is in force. */
  async current(repository: string, role: string): Promise<StoredFile | null> {
    const rows: StoredFile[] = await this.dataSource.query(
      `select file.encoding, file.bytes, file.sha256
       from repository
       join role on role.repository_id = repository.id
       join metadata_version file on file.repository_id = role.repository_id and file.role = role.name
         and file.version = role.version
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
      `select file.role, file.encoding, file.bytes from role
       join metadata_version file on file.repository_id = role.repository_id and file.role = role.name
         and file.version = role.version
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
  async delegatedRolesSummary(repositoryId: number): Promise<BinsSummary | null> {
    const rows: { count: number; highest: number; earliest: Date | null }[] = await this.dataSource.query(
      `select count(*)::integer as count, max(version) as highest, min(expires_at) as earliest from role
       where repository_id = $1 and name not in ('root', 'targets', 'snapshot', 'timestamp')`,
      [repositoryId],
    );
    const row = rows[0];
    return row?.earliest ? { count: row.count, highestVersion: row.highest, earliestExpiry: row.earliest } : null;
  }

  /** The repositories in which a role is inside its renewal window. */
  async repositoriesWithDueRoles(now: Date): Promise<number[]> {
    const rows: { repository_id: number }[] = await this.dataSource.query(
      'select distinct repository_id from role where renew_at <= $1',
      [now],
    );
    return rows.map((row) => row.repository_id);
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

export interface OverdueRole {
  readonly repository: string;
  readonly role: string;
  readonly expiresAt: Date;
}
