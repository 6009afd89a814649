import { parseArtifact } from './artifact.js';
import { canonicalJson } from './canonical-json.js';
import { TufError } from './errors.js';
import { type Fields, malformed, readArray, readInteger, readObject, readString } from './fields.js';
import { isBinName } from './hash-bins.js';
import type { Key, KeyId } from './key.js';
import { type SignedMetadata, type Targets, TOP_LEVEL_ROLES } from './metadata.js';
import { parseKeys, parseRoleKeys } from './parse-keys.js';
import { parseSignedMetadata } from './parse-metadata.js';
import { parsePathPattern } from './path-pattern.js';
import { unportableReason } from './portable-json.js';
import { parseRoleName } from './role-name.js';

const ARTIFACT_FIELDS = ['length', 'hashes', 'custom'];
/** The empty prefix is for any path, and the one way to say so that every client reads: see ADR 0012. */
const HASH_PREFIX = /^[0-9a-f]{0,64}$/;

/**
 * Checks untrusted targets metadata by every rule that needs no other metadata (specification 4.5): artifacts as any
 * publisher may describe them, delegations as every client reads them. Unknown fields are kept.
 * @throws TufError naming the field.
 */
export function parseTargets(value: unknown, field = 'metadata'): SignedMetadata<Targets> {
  const metadata = parseSignedMetadata(value, 'targets', field);
  canonicalJson(metadata); // throws where there is no canonical form, or none that can be walked
  const signed = readObject(metadata.signed, `${field}.signed`);
  for (const [path, file] of Object.entries(readObject(signed.targets, `${field}.signed.targets`))) {
    parseTargetFile(path, file, `${field}.signed.targets[${JSON.stringify(path)}]`);
  }
  if (signed.delegations !== undefined) parseDelegations(signed.delegations, `${field}.signed.delegations`);
  const unportable = unportableReason(signed.delegations ?? null);
  if (unportable) throw malformed(`${field}.signed.delegations`, unportable);
  return metadata as SignedMetadata<Targets>;
}

/** Like {@link parseTargets}, for metadata made elsewhere: only this service makes hash bins. @throws TufError. */
export function parseForeignTargets(value: unknown, field = 'metadata'): SignedMetadata<Targets> {
  const metadata = parseTargets(value, field);
  const { roles = [], succinct_roles } = metadata.signed.delegations ?? {};
  if (succinct_roles) {
    const rule = 'must not be here: only this service makes hash bins';
    throw malformed(`${field}.signed.delegations.succinct_roles`, rule);
  }
  const reserved = roles.findIndex(({ name }) => isBinName(name));
  if (reserved < 0) return metadata;
  const where = `${field}.signed.delegations.roles[${reserved}].name`;
  throw new TufError('role-name-reserved', `${where} is the name of a hash bin`, where);
}

function parseTargetFile(path: string, value: unknown, field: string): void {
  const file = readObject(value, field);
  const known = Object.fromEntries(ARTIFACT_FIELDS.flatMap((name) => (name in file ? [[name, file[name]]] : [])));
  parseArtifact({ path, ...known }, field);
}

function parseDelegations(value: unknown, field: string): void {
  const delegations = readObject(value, field);
  const keys = parseKeys(delegations.keys, `${field}.keys`);
  if (delegations.succinct_roles !== undefined) {
    parseSuccinctRoles(delegations.succinct_roles, keys, `${field}.succinct_roles`);
    if (delegations.roles !== undefined) throw malformed(field, 'must have either roles or succinct_roles (TAP 15)');
    return;
  }
  const names = readArray(delegations.roles, `${field}.roles`).map((role, index) =>
    parseDelegatedRole(role, keys, `${field}.roles[${index}]`),
  );
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated) throw malformed(`${field}.roles`, `must not name role ${repeated} twice`);
}

function parseSuccinctRoles(value: unknown, keys: ReadonlyMap<KeyId, Key>, field: string): void {
  const roles = readObject(value, field);
  parseRoleKeys(roles, keys, field);
  parseRoleName(readString(roles.name_prefix, `${field}.name_prefix`), `${field}.name_prefix`);
  if (readInteger(roles.bit_length, `${field}.bit_length`, 1) > 32)
    throw malformed(`${field}.bit_length`, 'must be at most 32');
}

function parseDelegatedRole(value: unknown, keys: ReadonlyMap<KeyId, Key>, field: string): string {
  const role = readObject(value, field);
  const name = parseRoleName(readString(role.name, `${field}.name`), `${field}.name`);
  if (TOP_LEVEL_ROLES.some((reserved) => reserved === name)) {
    throw new TufError('role-name-reserved', `${field}.name ${name} belongs to the specification`, `${field}.name`);
  }
  parseRoleKeys(role, keys, field);
  if (typeof role.terminating !== 'boolean') throw malformed(`${field}.terminating`, 'must be true or false');
  parsePathsOrPrefixes(role, field);
  return name;
}

/** @throws TufError unless there is one of `paths` and `path_hash_prefixes`, of a form that every client reads alike. */
export function parsePathsOrPrefixes(role: Fields, field: string): void {
  const { paths, path_hash_prefixes } = role;
  if ((paths === undefined) === (path_hash_prefixes === undefined)) {
    throw malformed(field, 'must have either paths or path_hash_prefixes');
  }
  if (paths !== undefined) {
    readArray(paths, `${field}.paths`).forEach((pattern, index) => {
      parsePathPattern(pattern, `${field}.paths[${index}]`);
    });
    return;
  }
  readArray(path_hash_prefixes, `${field}.path_hash_prefixes`).forEach((prefix, index) => {
    if (typeof prefix === 'string' && HASH_PREFIX.test(prefix)) return;
    throw malformed(`${field}.path_hash_prefixes[${index}]`, 'must be up to 64 lower-case hex digits');
  });
}
