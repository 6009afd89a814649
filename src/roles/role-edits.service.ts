import { Injectable } from '@nestjs/common';
import type { RepositoryRecord } from '../database/repository.store.js';
import { type DurationDto, secondsOf } from '../http/duration.dto.js';
import type { Change } from '../tuf/change.js';
import type { TrustedKeys } from '../tuf/delegation.js';
import { TufError } from '../tuf/errors.js';
import type { Lifetime } from '../tuf/expiry.js';
import { isBinName } from '../tuf/hash-bins.js';
import type { DelegatedRole } from '../tuf/metadata.js';
import { parseForeignTargets, parsePathsOrPrefixes } from '../tuf/parse-targets.js';
import { parsePathPattern } from '../tuf/path-pattern.js';
import { assertTag, roleTag } from '../tuf/role-definition.js';
import { parseRoleName, type RoleName } from '../tuf/role-name.js';
import { parseBins, parseLifetime } from '../tuf/settings.js';
import type { AddRoleDto } from './add-role.dto.js';
import type { RoleMetadataDto } from './role-metadata.dto.js';
import { decided, RoleReader, type RolesAsTheyStand } from './role-reader.service.js';
import { RoleSigners } from './role-signers.service.js';
import type { SetBinsDto } from './set-bins.dto.js';
import type { UpdateRoleDto } from './update-role.dto.js';

/** Checks edits of roles as far as that can be done at once; the publisher decides when it applies them. */
@Injectable()
export class RoleEdits {
  constructor(
    private readonly reader: RoleReader,
    private readonly signers: RoleSigners,
  ) {}

  async addition(repository: RepositoryRecord, dto: AddRoleDto): Promise<Change> {
    const name = parseRoleName(dto.name, 'name');
    const delegator = parseRoleName(dto.delegator, 'delegator');
    const roles = await this.reader.read(repository);
    decided(roles, delegator);
    if (roles.planned.has(name)) throw new TufError('role-exists', `there is a role named ${name} already`, 'name');
    const { keys, keyids, threshold } = await this.signers.resolve(dto.keys, dto.threshold, roles);
    const role = { name, keyids, threshold, terminating: dto.terminating, ...pathsOrPrefixes(dto) };
    return { kind: 'add-role', delegator, role, keys, position: dto.position ?? null, lifetime: lifetimeOf(dto, null) };
  }

  async update(
    repository: RepositoryRecord,
    name: RoleName,
    dto: UpdateRoleDto,
    ifMatch: string | null,
  ): Promise<Change> {
    const roles = await this.reader.read(repository);
    const before = decided(roles, name);
    assertTag(ifMatch, roleTag(before), `role ${name}`);
    const signers = await this.newSigners(dto, before.signers, roles);
    const lifetime = lifetimeOf(dto, before.lifetime);
    return {
      kind: 'update-role',
      role: name,
      ...((dto.paths || dto.pathHashPrefixes) && { pathsOrPrefixes: pathsOrPrefixes(dto) }),
      ...(signers && { signers }),
      ...(dto.terminating !== undefined && { terminating: dto.terminating }),
      ...(dto.position !== undefined && { position: dto.position }),
      ...(lifetime && { lifetime }),
      ifMatch,
    };
  }

  async removal(
    repository: RepositoryRecord,
    name: RoleName,
    artifacts: 'move' | 'remove',
    ifMatch: string | null,
  ): Promise<Change> {
    assertTag(ifMatch, roleTag(decided(await this.reader.read(repository), name)), `role ${name}`);
    return { kind: 'remove-role', role: name, artifacts, ifMatch };
  }

  async bins(
    repository: RepositoryRecord,
    delegator: RoleName,
    dto: SetBinsDto | null,
    ifMatch: string | null,
  ): Promise<Change> {
    const roles = await this.reader.read(repository);
    const { bins, signers: own } = decided(roles, delegator);
    assertTag(ifMatch, roleTag(decided(roles, delegator)), `role ${delegator}`);
    if (!dto) return { kind: 'set-bins', delegator, bins: null, signers: null, ifMatch };
    assertBinNamesFit(delegator);
    const known = bins ? { ...own, ...bins.signers } : own;
    const signers = dto.keys ? await this.newSigners(dto, known, roles) : null;
    if (signers) assertOnline(signers, roles);
    return { kind: 'set-bins', delegator, bins: parseBins(dto, 'bins'), signers, ifMatch };
  }

  async metadata(repository: RepositoryRecord, role: RoleName, dto: RoleMetadataDto): Promise<Change> {
    decided(await this.reader.read(repository), role);
    return {
      kind: 'set-metadata',
      role,
      metadata: parseForeignTargets({ signatures: dto.signatures, signed: dto.signed }),
    };
  }

  private async newSigners(
    { keys, threshold }: Pick<UpdateRoleDto, 'keys' | 'threshold'>,
    before: TrustedKeys,
    roles: RolesAsTheyStand,
  ): Promise<TrustedKeys | null> {
    if (!keys && threshold === undefined) return null;
    return this.signers.resolve(keys ?? before.keyids, threshold ?? before.threshold, roles);
  }
}

function pathsOrPrefixes({
  paths,
  pathHashPrefixes,
}: Pick<UpdateRoleDto, 'paths' | 'pathHashPrefixes'>): Pick<DelegatedRole, 'paths' | 'path_hash_prefixes'> {
  parsePathsOrPrefixes({ paths, path_hash_prefixes: pathHashPrefixes }, 'role');
  if (pathHashPrefixes) return { path_hash_prefixes: pathHashPrefixes };
  return { paths: (paths ?? []).map((pattern, index) => parsePathPattern(pattern, `paths[${index}]`)) };
}

interface Durations {
  readonly expiry?: DurationDto;
  readonly renewalWindow?: DurationDto;
}

function lifetimeOf({ expiry, renewalWindow }: Durations, before: Lifetime | null): Lifetime | null {
  if (!expiry && !renewalWindow) return null;
  const seconds = expiry ? secondsOf(expiry, 'expiry') : before?.expiry;
  if (seconds === undefined)
    throw new TufError('settings-invalid', 'renewalWindow must stand beside expiry', 'renewalWindow');
  const window = renewalWindow ? secondsOf(renewalWindow, 'renewalWindow') : undefined;
  return parseLifetime(seconds, window, { expiry: 'expiry', renewalWindow: 'renewalWindow' });
}

function assertOnline({ keyids, threshold }: TrustedKeys, { onlineKeys }: RolesAsTheyStand): void {
  if (keyids.filter((keyid) => onlineKeys.has(keyid)).length >= threshold) return;
  throw new TufError(
    'online-key-missing',
    'keys must be online keys of this service: it signs the bins by itself',
    'keys',
  );
}

/** The longest name of a bin, `…-bins-3fff`, is a role name, too. */
function assertBinNamesFit(delegator: RoleName): void {
  if (isBinName(delegator)) throw new TufError('role-edit-invalid', `bin ${delegator} cannot have bins itself`, 'role');
  parseRoleName(`${delegator}-bins-3fff`, 'role');
}
