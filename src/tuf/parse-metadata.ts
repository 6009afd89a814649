import { TufError } from './errors.js';
import { parseExpiry } from './expiry.js';
import { type Fields, malformed, readArray, readInteger, readObject, readString } from './fields.js';
import { parseKeyId } from './key.js';
import type { Signature, Signed, SignedMetadata } from './metadata.js';

/** Bundles have some 3 to 10 thousand; what is longer would take long to verify, and fill up root. */
const MAXIMUM_BUNDLE_LENGTH = 65_536;

/**
 * Checks what all metadata files share (specification 4.2.1, 4.3): the envelope, `_type`, `spec_version`, `version`,
 * `expires`. Unknown fields are kept.
 * @throws TufError naming the field.
 */
export function parseSignedMetadata(value: unknown, type: Signed['_type'], field = type as string): SignedMetadata {
  const envelope = readObject(value, field);
  const signatures = readArray(envelope.signatures, `${field}.signatures`);
  const signed = readObject(envelope.signed, `${field}.signed`);
  parseCommon(signed, type, `${field}.signed`);
  assertDistinctSigners(
    signatures.map((entry, index) => parseSignature(entry, `${field}.signatures[${index}]`)),
    field,
  );
  return value as SignedMetadata;
}

export function parseSignature(value: unknown, field: string): Signature {
  const signature = readObject(value, field);
  const keyid = parseKeyId(signature.keyid, `${field}.keyid`);
  if (signature.bundle === undefined) return { keyid, sig: parseHex(signature.sig, `${field}.sig`) };
  const bundle = parseBundle(signature.bundle, `${field}.bundle`);
  return { keyid, sig: signature.sig === '' ? '' : parseHex(signature.sig, `${field}.sig`), bundle };
}

// go-tuf and tough refuse a whole file with a `sig` that is not hex; an empty one they read.
function parseHex(value: unknown, field: string): string {
  const sig = readString(value, field);
  if (!/^(?:[0-9a-f]{2})+$/.test(sig)) throw malformed(field, 'must be lower-case hex');
  return sig;
}

function parseBundle(value: unknown, field: string): object {
  const bundle = readObject(value, field);
  if (JSON.stringify(bundle).length <= MAXIMUM_BUNDLE_LENGTH) return bundle;
  throw malformed(field, `must not exceed ${MAXIMUM_BUNDLE_LENGTH} characters of JSON`);
}

function parseCommon(signed: Fields, type: Signed['_type'], field: string): void {
  if (signed._type !== type) throw malformed(`${field}._type`, `must be "${type}"`);
  if (!/^1(?:\.\d+){1,2}$/.test(readString(signed.spec_version, `${field}.spec_version`))) {
    throw malformed(`${field}.spec_version`, 'must be a 1.x version of the TUF specification');
  }
  readInteger(signed.version, `${field}.version`, 1);
  parseExpiry(signed.expires, `${field}.expires`);
}

function assertDistinctSigners(signatures: readonly Signature[], field: string): void {
  if (new Set(signatures.map(({ keyid }) => keyid)).size === signatures.length) return;
  throw new TufError('signature-repeated', `${field}.signatures has two signatures of one key`, `${field}.signatures`);
}
