import { canonicalJson } from './canonical-json.js';
import { TufError } from './errors.js';
import { type Fields, malformed, readArray, readInteger, readObject } from './fields.js';
import { type Key, type KeyId, keyIdOf, keyMaterial, parseKey, parseKeyId } from './key.js';
import { encodeMetadata, type Root, type SignedMetadata, TOP_LEVEL_ROLES } from './metadata.js';
import { parseSignedMetadata } from './parse-metadata.js';
import { unportableReason } from './portable-json.js';

/** The limit of python-tuf, go-tuf and tuf-js; nothing refers to root, so nothing could state a length to raise it. */
const MAXIMUM_ROOT_BYTES = 512_000;

/**
 * Checks an untrusted root by every rule that needs no other metadata (specification 4.3): keys, ids, roles,
 * thresholds, consistent snapshots. Signatures are checked for their form only.
 * @throws TufError naming the field.
 */
export function parseRoot(value: unknown, field = 'root'): SignedMetadata<Root> {
  const metadata = parseSignedMetadata(value, 'root', field);
  canonicalJson(metadata); // throws where there is no canonical form, or none that can be walked
  if (encodeMetadata(metadata).length > MAXIMUM_ROOT_BYTES) {
    throw malformed(field, `must not exceed ${MAXIMUM_ROOT_BYTES} bytes: clients stop reading there`);
  }
  const signed = readObject(metadata.signed, `${field}.signed`);
  if (signed.consistent_snapshot !== true) throw malformed(`${field}.signed.consistent_snapshot`, 'must be true');
  const keys = parseKeys(signed.keys, `${field}.signed.keys`);
  parseRoles(readObject(signed.roles, `${field}.signed.roles`), keys, `${field}.signed.roles`);
  const unportable = unportableReason(metadata.signed);
  if (unportable) throw malformed(`${field}.signed`, unportable);
  return metadata as SignedMetadata<Root>;
}

function parseKeys(value: unknown, field: string): Map<KeyId, Key> {
  const keys = new Map<KeyId, Key>();
  const owners = new Map<string, KeyId>();
  for (const [id, entry] of Object.entries(readObject(value, field))) {
    const keyid = parseKeyId(id, `${field}.${id}`);
    const key = parseKey(entry, `${field}.${id}`);
    assertOwnId(key, keyid, `${field}.${id}`);
    const other = owners.get(keyMaterial(key));
    if (other) throw new TufError('key-duplicated', `${field} has the same key under ${other} and ${keyid}`, field);
    owners.set(keyMaterial(key), keyid);
    keys.set(keyid, key);
  }
  return keys;
}

function assertOwnId(key: Key, keyid: KeyId, field: string): void {
  const expected = keyIdOf(key);
  if (keyid === expected) return;
  throw new TufError(
    'key-id-wrong',
    `${field}: the id of this key is ${expected} (sha256 of its canonical form)`,
    field,
  );
}

function parseRoles(roles: Fields, keys: ReadonlyMap<KeyId, Key>, field: string): void {
  const named = Object.keys(roles).sort().join(', ');
  const expected = [...TOP_LEVEL_ROLES].sort().join(', ');
  if (named !== expected) throw malformed(field, `must name exactly ${expected}`);
  for (const role of TOP_LEVEL_ROLES) parseRoleKeys(roles[role], keys, `${field}.${role}`);
}

function parseRoleKeys(value: unknown, keys: ReadonlyMap<KeyId, Key>, field: string): void {
  const role = readObject(value, field);
  const keyids = readArray(role.keyids, `${field}.keyids`).map((id, index) =>
    parseKeyId(id, `${field}.keyids[${index}]`),
  );
  if (new Set(keyids).size !== keyids.length) {
    throw new TufError('key-duplicated', `${field}.keyids names one key twice`, `${field}.keyids`);
  }
  const unknown = keyids.find((keyid) => !keys.has(keyid));
  if (unknown) throw malformed(`${field}.keyids`, `names ${unknown}, which is not among the keys of root`);
  const threshold = readThreshold(role.threshold, `${field}.threshold`);
  if (threshold > keyids.length) {
    throw new TufError(
      'threshold-invalid',
      `${field}.threshold is ${threshold}, but the role has ${keyids.length} distinct keys`,
      `${field}.threshold`,
    );
  }
}

function readThreshold(value: unknown, field: string): number {
  try {
    return readInteger(value, field, 1);
  } catch (cause) {
    throw new TufError('threshold-invalid', `${field} must be an integer of at least 1`, field, { cause });
  }
}
