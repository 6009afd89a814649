import { TufError } from './errors.js';
import { malformed, readArray, readInteger, readObject } from './fields.js';
import { type Key, type KeyId, keyIdOf, keyMaterial, parseKey, parseKeyId } from './key.js';
import type { RoleKeys } from './metadata.js';

/** Checks the `keys` of root or of delegations: each under its own id, none under two (specification 4.2). */
export function parseKeys(value: unknown, field: string): Map<KeyId, Key> {
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

/** Checks who signs a role: distinct ids of known keys, and a threshold that they can reach. */
export function parseRoleKeys(value: unknown, keys: ReadonlyMap<KeyId, Key>, field: string): RoleKeys {
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
  return { keyids, threshold };
}

function readThreshold(value: unknown, field: string): number {
  try {
    return readInteger(value, field, 1);
  } catch (cause) {
    throw new TufError('threshold-invalid', `${field} must be an integer of at least 1`, field, { cause });
  }
}
