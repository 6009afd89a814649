import { Injectable } from '@nestjs/common';
import type { RoleEntity } from '../database/entities/role.entity.js';
import { MetadataStore } from '../database/metadata.store.js';
import type { RepositoryRecord } from '../database/repository.store.js';
import { cursorKey, type PageQuery, pageOf } from '../http/pagination.js';
import { roleDefinition, roleTag } from '../tuf/role-definition.js';
import type { RoleName } from '../tuf/role-name.js';
import { type RoleDto, type RolePage, roleDto } from './role.dto.js';
import { decided, RoleReader, type RolesAsTheyStand } from './role-reader.service.js';

@Injectable()
export class RolesService {
  constructor(
    private readonly metadata: MetadataStore,
    private readonly reader: RoleReader,
  ) {}

  async list(repository: RepositoryRecord, query: PageQuery): Promise<RolePage> {
    const found = await this.metadata.roles(repository.id, cursorKey(query), query.limit + 1);
    if (found.length === 0) return { items: [], next: null };
    const roles = await this.reader.read(repository);
    return pageOf(
      found,
      query.limit,
      ({ name }) => name,
      (role) => shown(roles, role.name as RoleName, role),
    );
  }

  async show(repository: RepositoryRecord, name: RoleName): Promise<{ shown: RoleDto; tag: string }> {
    const roles = await this.reader.read(repository);
    const tag = roleTag(decided(roles, name));
    return { shown: shown(roles, name, await this.metadata.role(repository.id, name)), tag };
  }
}

/** As clients see it, or as it is decided where they do not see it yet. */
function shown(roles: RolesAsTheyStand, name: RoleName, role: RoleEntity | null): RoleDto {
  const { repository, inForce, onlineKeys, openEvents } = roles;
  const definition = roleDefinition(inForce, repository.settings, name) ?? decided(roles, name);
  const event = openEvents.find((open) => open.role === name);
  return roleDto(definition, role, onlineKeys, event?.id ?? null);
}
