import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import {
  CKA_EC_POINT,
  CKA_KEY_TYPE,
  CKA_MODULUS,
  CKA_PUBLIC_EXPONENT,
  CKK_EC,
  CKK_EC_EDWARDS,
  CKK_RSA,
} from './cryptoki.js';

type ReadAttribute = (type: number) => Buffer;

const OCTET_STRING = 0x04;
const CURVES: Readonly<Record<number, string>> = { 64: 'P-256', 96: 'P-384' };

/** The public key that a PKCS #11 object describes; null for a kind that TUF has no use for. */
export function publicKeyOf(read: ReadAttribute): KeyObject | null {
  const jwk = jwkOf(read(CKA_KEY_TYPE).readUInt32LE(), read);
  return jwk && createPublicKey({ key: jwk, format: 'jwk' });
}

function jwkOf(keyType: number, read: ReadAttribute): JsonWebKey | null {
  switch (keyType) {
    case CKK_RSA:
      return { kty: 'RSA', n: text(read(CKA_MODULUS)), e: text(read(CKA_PUBLIC_EXPONENT)) };
    case CKK_EC:
      return curveKey(unwrapped(read(CKA_EC_POINT)));
    case CKK_EC_EDWARDS:
      return { kty: 'OKP', crv: 'Ed25519', x: text(unwrapped(read(CKA_EC_POINT), 32)) };
    default:
      return null;
  }
}

function curveKey(point: Buffer): JsonWebKey | null {
  const coordinates = point.subarray(1); // after 04: uncompressed
  const crv = CURVES[coordinates.length];
  if (!crv) return null;
  const half = coordinates.length / 2;
  return { kty: 'EC', crv, x: text(coordinates.subarray(0, half)), y: text(coordinates.subarray(half)) };
}

// The specification wants a DER OCTET STRING; some tokens leave out the wrapping.
function unwrapped(point: Buffer, bareLength = 0): Buffer {
  const isWrapped = point[0] === OCTET_STRING && point[1] === point.length - 2 && point.length !== bareLength;
  return isWrapped ? point.subarray(2) : point;
}

function text(bytes: Buffer): string {
  return bytes.toString('base64url');
}
