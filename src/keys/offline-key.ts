import { canonicalBytes } from '../tuf/canonical-json.js';
import { malformed } from '../tuf/fields.js';
import { type Key, parseKey } from '../tuf/key.js';
import { unportableReason } from '../tuf/portable-json.js';

/** More than the largest RSA key with some fields of its owner's own. */
const MAXIMUM_BYTES = 16_384;

/** The public half that somebody registers, as root could carry it. @throws TufError that names the field. */
export function parseOfflineKey(value: object): Key {
  const key = parseKey(value, 'key');
  const unportable = unportableReason(key);
  if (unportable) throw malformed('key', unportable);
  if (canonicalBytes(key).length > MAXIMUM_BYTES) throw malformed('key', `must not exceed ${MAXIMUM_BYTES} bytes`);
  return key;
}
