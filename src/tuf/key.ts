import { createPublicKey, hash, type KeyObject } from 'node:crypto';
import { canonicalBytes } from './canonical-json.js';
import { TufError } from './errors.js';
import { type Fields, readObject, readString } from './fields.js';
import {
  assertIdentity,
  IDENTITY_KEY_TYPE,
  IDENTITY_SCHEME,
  type IdentityKey,
  identityMaterial,
} from './identity-key.js';

/** Hex sha256 of the canonical form of a key (specification 4.2). */
export type KeyId = string & { readonly brand: 'KeyId' };

/** A key as it stands in root and delegations (specification 4.2); unknown fields ride along. */
export type Key = PublicKey | IdentityKey;

export interface PublicKey {
  readonly keytype: string;
  readonly scheme: KeyScheme;
  readonly keyval: { readonly public: string };
}

/** The schemes of keys that have a private half, which signs; {@link IdentityKey} has none. */
export const KEY_SCHEMES = ['ed25519', 'ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'rsassa-pss-sha256'] as const;

export type KeyScheme = (typeof KEY_SCHEMES)[number];

const KEY_TYPES: Readonly<Record<KeyScheme, readonly string[]>> = {
  ed25519: ['ed25519'],
  'ecdsa-sha2-nistp256': ['ecdsa', 'ecdsa-sha2-nistp256'],
  'ecdsa-sha2-nistp384': ['ecdsa', 'ecdsa-sha2-nistp384'],
  'rsassa-pss-sha256': ['rsa'],
};

const ED25519_SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex'); // RFC 8410
const KEY_ID = /^[0-9a-f]{64}$/;
const MINIMUM_RSA_BITS = 2048;

export function keyIdOf(key: Key): KeyId {
  return hash('sha256', canonicalBytes(key)) as KeyId;
}

export function parseKeyId(value: unknown, field: string): KeyId {
  const text = readString(value, field);
  if (!KEY_ID.test(text)) throw new TufError('key-id-wrong', `${field} must be 64 lower-case hex digits`, field);
  return text as KeyId;
}

/**
 * Checks an untrusted key: a known scheme, the key type and the curve that fit it, RSA of at least 2,048 bits; or the
 * identity and issuer of a Sigstore identity.
 * @throws TufError `key-invalid` or `key-too-weak`.
 */
export function parseKey(value: unknown, field: string): Key {
  const key = readObject(value, field);
  const scheme = parseScheme(key.scheme, `${field}.scheme`);
  const keytype = readString(key.keytype, `${field}.keytype`);
  const keyval = readObject(key.keyval, `${field}.keyval`);
  if (scheme === IDENTITY_SCHEME) return parseIdentityKey(value, keytype, keyval, field);
  if (!KEY_TYPES[scheme].includes(keytype)) throw misfit(scheme, keytype, field);
  readString(keyval.public, `${field}.keyval.public`);
  assertPublicTexts(keyval, `${field}.keyval`);
  const parsed = value as PublicKey;
  assertFitsScheme(importKey(parsed, field), scheme, field);
  return parsed;
}

export function isIdentityKey(key: Key): key is IdentityKey {
  return key.scheme === IDENTITY_SCHEME;
}

function parseIdentityKey(value: unknown, keytype: string, keyval: Fields, field: string): IdentityKey {
  if (keytype !== IDENTITY_KEY_TYPE) throw misfit(IDENTITY_SCHEME, keytype, field);
  assertIdentity(keyval, `${field}.keyval`);
  assertPublicTexts(keyval, `${field}.keyval`);
  return value as IdentityKey;
}

function misfit(scheme: string, keytype: string, field: string): TufError {
  return new TufError('key-invalid', `${field}: scheme ${scheme} does not fit key type ${keytype}`, `${field}.scheme`);
}

function assertPublicTexts(keyval: Fields, field: string): void {
  if (keyval.private) {
    const advice = 'must not be here: replace this key, it is no secret any more';
    throw new TufError('key-invalid', `${field}.private ${advice}`, `${field}.private`);
  }
  // tuf-js reads a record of texts here, and refuses the whole file otherwise.
  const odd = Object.keys(keyval).find((name) => typeof keyval[name] !== 'string');
  if (odd) throw new TufError('key-invalid', `${field}.${odd} must be a string`, `${field}.${odd}`);
}

const imported = new WeakMap<PublicKey, KeyObject>();

/** The key in the form that node:crypto verifies with. */
export function publicKeyObject(key: PublicKey): KeyObject {
  const known = imported.get(key);
  if (known) return known;
  const object = importKey(key, 'key');
  imported.set(key, object);
  return object;
}

/** The TUF form of a public key: hex for ed25519, SPKI PEM for the others. */
export function keyFromPublicKey(object: KeyObject, scheme: KeyScheme): PublicKey {
  assertFitsScheme(object, scheme, 'key');
  const keytype = KEY_TYPES[scheme][0] ?? scheme;
  if (scheme !== 'ed25519') {
    return { keytype, scheme, keyval: { public: object.export({ type: 'spki', format: 'pem' }).toString().trim() } };
  }
  const spki = object.export({ type: 'spki', format: 'der' });
  return { keytype, scheme, keyval: { public: spki.subarray(ED25519_SPKI_PREFIX.length).toString('hex') } };
}

/** Two keys are the same when their key material is, whatever their ids and unknown fields say. */
export function keyMaterial(key: Key): string {
  if (isIdentityKey(key)) return identityMaterial(key);
  const known = materials.get(key);
  if (known) return known;
  const material = publicKeyObject(key).export({ type: 'spki', format: 'der' }).toString('base64');
  materials.set(key, material);
  return material;
}

const materials = new WeakMap<PublicKey, string>();

const SCHEMES_IN_METADATA = [...KEY_SCHEMES, IDENTITY_SCHEME] as const;

function parseScheme(value: unknown, field: string): Key['scheme'] {
  const scheme = SCHEMES_IN_METADATA.find((known) => known === value);
  if (!scheme) throw new TufError('key-invalid', `${field} must be one of ${SCHEMES_IN_METADATA.join(', ')}`, field);
  return scheme;
}

function importKey(key: PublicKey, field: string): KeyObject {
  const text = key.keyval.public;
  if (key.scheme === 'ed25519') return importEd25519(text, field);
  if (!text.startsWith('-----BEGIN PUBLIC KEY-----')) {
    throw new TufError('key-invalid', `${field}.keyval.public must be a PEM "PUBLIC KEY"`, `${field}.keyval.public`);
  }
  return importPublicKey(() => createPublicKey(text), field);
}

function importEd25519(text: string, field: string): KeyObject {
  if (!KEY_ID.test(text)) {
    throw new TufError(
      'key-invalid',
      `${field}.keyval.public must be 64 lower-case hex digits`,
      `${field}.keyval.public`,
    );
  }
  const der = Buffer.concat([ED25519_SPKI_PREFIX, Buffer.from(text, 'hex')]);
  return importPublicKey(() => createPublicKey({ key: der, format: 'der', type: 'spki' }), field);
}

function importPublicKey(read: () => KeyObject, field: string): KeyObject {
  try {
    return read();
  } catch (cause) {
    throw new TufError('key-invalid', `${field} is not a readable public key`, `${field}.keyval.public`, { cause });
  }
}

function assertFitsScheme(object: KeyObject, scheme: KeyScheme, field: string): void {
  if (!fitsScheme(object, scheme)) {
    throw new TufError('key-invalid', `${field}: the key material does not fit scheme ${scheme}`, `${field}.scheme`);
  }
  const bits = object.asymmetricKeyDetails?.modulusLength ?? MINIMUM_RSA_BITS;
  if (bits < MINIMUM_RSA_BITS) {
    throw new TufError('key-too-weak', `${field}: RSA keys need at least 2,048 bits, this one has ${bits}`, field);
  }
}

function fitsScheme(object: KeyObject, scheme: KeyScheme): boolean {
  const curve = object.asymmetricKeyDetails?.namedCurve;
  switch (scheme) {
    case 'ed25519':
      return object.asymmetricKeyType === 'ed25519';
    case 'ecdsa-sha2-nistp256':
      return object.asymmetricKeyType === 'ec' && curve === 'prime256v1';
    case 'ecdsa-sha2-nistp384':
      return object.asymmetricKeyType === 'ec' && curve === 'secp384r1';
    case 'rsassa-pss-sha256':
      return object.asymmetricKeyType === 'rsa';
    default:
      return scheme satisfies never;
  }
}
