import { constants, sign } from 'node:crypto';
import fc from 'fast-check';
import { canonicalBytes } from './canonical-json.js';
import type { TrustedKeys } from './delegation.js';
import type { IdentityKey, IdentityVerifier } from './identity-key.js';
import { KEY_SCHEMES, type KeyId, keyIdOf } from './key.js';
import type { SignedMetadata, Timestamp } from './metadata.js';
import { PSS, thresholdMet, verifiedKeyIds, verifySignature } from './signature.js';
import { type KeyPair, keysField, newKeyPair, newKeyPairs, signatureBy, signedBy } from './testing/key-ring.js';

const SIGNED: Timestamp = {
  _type: 'timestamp',
  spec_version: '1.0.34',
  version: 1,
  expires: '2026-03-02T12:00:00Z',
  meta: { 'snapshot.json': { version: 1 } },
};
const [A, B, C] = newKeyPairs(3) as [KeyPair, KeyPair, KeyPair];
const RSA = newKeyPair('rsassa-pss-sha256');
const BY_SCHEME = KEY_SCHEMES.map((scheme) => (scheme === RSA.key.scheme ? RSA : newKeyPair(scheme)));

function trusting(threshold: number, ...pairs: readonly KeyPair[]): TrustedKeys {
  return { keys: keysField(pairs), keyids: pairs.map(({ keyId }) => keyId), threshold };
}

describe('signatures', () => {
  test.each(BY_SCHEME)('obligation 5: $key.scheme verifies over the canonical form, and over nothing else', (pair) => {
    const signature = signatureBy(pair, SIGNED);
    const reordered = {
      meta: SIGNED.meta,
      expires: SIGNED.expires,
      version: 1,
      spec_version: '1.0.34',
      _type: 'timestamp',
    };
    expect(verifySignature(pair.key, canonicalBytes(reordered), signature)).toBe(true);
    expect(verifySignature(pair.key, canonicalBytes({ ...SIGNED, version: 2 }), signature)).toBe(false);
  });

  test.each(BY_SCHEME)('a $key.scheme signature of any other bytes is false, and no error', ({ key, keyId }) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (sig) => {
        const signature = { keyid: keyId, sig: Buffer.from(sig).toString('hex') };
        expect(verifySignature(key, canonicalBytes(SIGNED), signature)).toBe(false);
      }),
      { numRuns: 50 },
    );
  });

  test.each([
    ['as long as the digest', constants.RSA_PSS_SALTLEN_DIGEST, true],
    ['32 bytes', 32, true],
    ['none', 0, false],
    ['20 bytes', 20, false],
    ['as long as can be', constants.RSA_PSS_SALTLEN_MAX_SIGN, false],
  ])('obligation 5: a PSS salt %s is judged by the strictest client', (_name, saltLength, valid) => {
    const sig = sign('sha256', canonicalBytes(SIGNED), { key: RSA.privateKey, padding: PSS.padding, saltLength });
    const signature = { keyid: RSA.keyId, sig: sig.toString('hex') };
    expect(verifySignature(RSA.key, canonicalBytes(SIGNED), signature)).toBe(valid);
  });
});

describe('signatures of Sigstore identities', () => {
  const key: IdentityKey = {
    keytype: 'sigstore-oidc',
    scheme: 'Fulcio',
    keyval: { identity: 'ann@example.com', issuer: 'https://accounts.example.com' },
  };
  const keyid = keyIdOf(key);
  const bundle = { of: 'ann@example.com' };
  const identities: IdentityVerifier = ({ keyval }, bytes, given) =>
    keyval === key.keyval && Buffer.from(canonicalBytes(SIGNED)).equals(bytes) && given === bundle;
  const byAnn = { signed: SIGNED, signatures: [{ keyid, sig: '', bundle }] };
  const trustingAnn: TrustedKeys = { keys: { [keyid]: key, [A.keyId]: A.key }, keyids: [keyid, A.keyId], threshold: 1 };

  test('count when the verifier that comes with the trusted keys says so', () => {
    expect(verifiedKeyIds(byAnn, { ...trustingAnn, identities })).toEqual([keyid]);
  });

  test('do not count where there is no verifier, no bundle, or other content', () => {
    const without = { signed: SIGNED, signatures: [{ keyid, sig: signatureBy(A, SIGNED).sig }] };
    expect(verifiedKeyIds(byAnn, trustingAnn)).toEqual([]);
    expect(verifiedKeyIds(without, { ...trustingAnn, identities })).toEqual([]);
    expect(verifiedKeyIds({ ...byAnn, signed: { ...SIGNED, version: 2 } }, { ...trustingAnn, identities })).toEqual([]);
  });

  test('a bundle beside it neither helps nor harms the signature of a key', () => {
    const right = { ...signatureBy(A, SIGNED), bundle };
    const wrong = { ...signatureBy(A, { x: 1 }), bundle };
    expect(verifiedKeyIds({ signed: SIGNED, signatures: [right] }, { ...trustingAnn, identities })).toEqual([A.keyId]);
    expect(verifiedKeyIds({ signed: SIGNED, signatures: [wrong] }, { ...trustingAnn, identities })).toEqual([]);
  });
});

describe('thresholds', () => {
  const tampered = (metadata: SignedMetadata): SignedMetadata => ({ ...metadata, signed: { ...SIGNED, version: 2 } });

  test.each<[name: string, metadata: SignedMetadata, trusted: TrustedKeys, met: boolean]>([
    ['one of one', signedBy(SIGNED, A), trusting(1, A), true],
    ['two of three', signedBy(SIGNED, A, C), trusting(2, A, B, C), true],
    ['more than needed', signedBy(SIGNED, A, B, C), trusting(2, A, B, C), true],
    ['keys of several schemes', signedBy(SIGNED, ...BY_SCHEME), trusting(4, ...BY_SCHEME), true],
    [
      'a wrong signature beside enough right ones',
      { ...signedBy(SIGNED, A), signatures: [signatureBy(B, { x: 1 }), signatureBy(A, SIGNED)] },
      trusting(1, A, B),
      true,
    ],
    ['none', signedBy(SIGNED), trusting(1, A), false],
    ['one of two', signedBy(SIGNED, A), trusting(2, A, B), false],
    ['a stranger', signedBy(SIGNED, B), trusting(1, A), false],
    ['other content', tampered(signedBy(SIGNED, A)), trusting(1, A), false],
    [
      'a key that delegations know, but the role does not name',
      signedBy(SIGNED, B),
      { ...trusting(1, A, B), keyids: [A.keyId] },
      false,
    ],
    [
      'a key that the role names, but delegations do not know',
      signedBy(SIGNED, B),
      { ...trusting(1, A), keyids: [A.keyId, B.keyId] },
      false,
    ],
    ['one signature given twice', signedBy(SIGNED, A, A), trusting(2, A, B), false],
    [
      'a signature of one key under the id of another',
      { signed: SIGNED, signatures: [{ ...signatureBy(A, SIGNED), keyid: B.keyId }] },
      trusting(1, A, B),
      false,
    ],
  ])('obligation 3: signed by %s, the threshold is met or not', (_name, metadata, trusted, met) => {
    expect(thresholdMet(metadata, trusted)).toBe(met);
  });

  test('obligation 4: the same key under two ids counts once', () => {
    const twin = { ...A.key, 'x-note': 'the same key' };
    const twinId: KeyId = keyIdOf(twin);
    const trusted: TrustedKeys = {
      keys: { [A.keyId]: A.key, [twinId]: twin },
      keyids: [A.keyId, twinId],
      threshold: 2,
    };
    const signature = signatureBy(A, SIGNED);
    const metadata = { signed: SIGNED, signatures: [signature, { ...signature, keyid: twinId }] };
    expect(verifiedKeyIds(metadata, trusted)).toHaveLength(1);
    expect(thresholdMet(metadata, trusted)).toBe(false);
  });

  test('the ids of the keys that verify are named', () => {
    expect(verifiedKeyIds(signedBy(SIGNED, A, C), trusting(1, A, B, C))).toEqual([A.keyId, C.keyId]);
  });
});
