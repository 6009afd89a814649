import { canonicalJson } from './canonical-json.js';
import { encodeMetadata } from './encode-metadata.js';
import { type Fields, malformed, readObject } from './fields.js';
import type { Key, KeyId } from './key.js';
import { type Root, type SignedMetadata, TOP_LEVEL_ROLES } from './metadata.js';
import { parseKeys, parseRoleKeys } from './parse-keys.js';
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

function parseRoles(roles: Fields, keys: ReadonlyMap<KeyId, Key>, field: string): void {
  const named = Object.keys(roles).sort().join(', ');
  const expected = [...TOP_LEVEL_ROLES].sort().join(', ');
  if (named !== expected) throw malformed(field, `must name exactly ${expected}`);
  for (const role of TOP_LEVEL_ROLES) parseRoleKeys(roles[role], keys, `${field}.${role}`);
}
