import { bundleFromJSON } from '@sigstore/bundle';
import { TrustedRoot } from '@sigstore/protobuf-specs';
import { toSignedEntity, toTrustMaterial, Verifier } from '@sigstore/verify';
import type { IdentityKey } from '../tuf/identity-key.js';
import { sigstoreVerifier } from './sigstore-verifier.js';
import { SmallSigstore } from './testing/small-sigstore.js';

const ISSUER = 'https://accounts.example.com';
const ANN = 'ann@example.com';
const WORKFLOW = 'https://github.com/acme/app/.github/workflows/sign.yml@refs/heads/main';
const BYTES = Buffer.from('{"_type":"root"}');
const sigstore = new SmallSigstore();
const verify = sigstoreVerifier(sigstore.trustedRoot);
const byAnn = sigstore.sign(BYTES, { identity: ANN, issuer: ISSUER });

function keyOf(identity: string, issuer = ISSUER): IdentityKey {
  return { keytype: 'sigstore-oidc', scheme: 'Fulcio', keyval: { identity, issuer } };
}

/** The bundle with one of its texts changed, wherever it is. */
function changed(bundle: object, name: string, change: (value: string) => unknown): object {
  return JSON.parse(JSON.stringify(bundle), (key, value) => (key === name ? change(value) : value));
}

function flipped(base64: string): string {
  const bytes = Buffer.from(base64, 'base64');
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
  return bytes.toString('base64');
}

describe('signatures of Sigstore identities', () => {
  test('verify, long after the certificate expired, by when the log says they were made', () => {
    expect(verify(keyOf(ANN), BYTES, byAnn)).toBe(true);
  });

  test('verify for workflows, whose identity is a URL', () => {
    const bundle = sigstore.sign(BYTES, { identity: WORKFLOW, issuer: ISSUER });
    expect(verify(keyOf(WORKFLOW), BYTES, bundle)).toBe(true);
  });

  test.each<[string, IdentityKey]>([
    ['another identity', keyOf('bob@example.com')],
    ['another issuer', keyOf(ANN, 'https://login.example.com')],
    ['an identity that the certificate’s begins with', keyOf('ann@example')],
    ['an identity that the certificate’s ends with', keyOf('nn@example.com')],
    ['a pattern that the identity fits', keyOf('.*@example.com')],
    ['other capitals', keyOf('Ann@example.com')],
    ['an issuer with a slash more', keyOf(ANN, `${ISSUER}/`)],
  ])('are not those of %s', (_name, key) => {
    expect(verify(key, BYTES, byAnn)).toBe(false);
  });

  test('are not those of other bytes', () => {
    expect(verify(keyOf(ANN), Buffer.from('{"_type":"targets"}'), byAnn)).toBe(false);
  });

  const at = new Date('2026-01-01T00:00:00Z');
  test.each<[string, object]>([
    ['made before the certificate was valid', { loggedAt: new Date('2025-12-31T23:59:59Z') }],
    ['made after the certificate had expired', { loggedAt: new Date('2026-01-01T00:10:01Z') }],
    ['of a certificate older than the authority', { at: new Date('2024-12-31T23:55:00Z') }],
    ['without an entry in the log', { loggedAt: null }],
    ['of a certificate in no certificate log', { sct: false }],
  ])('do not verify when %s', (_name, how) => {
    const bundle = sigstore.sign(BYTES, { identity: ANN, issuer: ISSUER, at, ...how });
    expect(verify(keyOf(ANN), BYTES, bundle)).toBe(false);
  });

  test('do not verify with the Fulcio and the logs of others', () => {
    const bundle = new SmallSigstore().sign(BYTES, { identity: ANN, issuer: ISSUER });
    expect(verify(keyOf(ANN), BYTES, bundle)).toBe(false);
  });

  test.each(['signature', 'signedEntryTimestamp', 'canonicalizedBody', 'keyId', 'rawBytes'])(
    'do not verify with one bit of %s changed',
    (name) => {
      expect(verify(keyOf(ANN), BYTES, changed(byAnn, name, flipped))).toBe(false);
    },
  );

  test('do not verify with another checkpoint than the log signed', () => {
    const grown = changed(byAnn, 'envelope', (note) => note.replace('\n1\n', '\n2\n'));
    expect(verify(keyOf(ANN), BYTES, grown)).toBe(false);
  });

  test('do not verify with another time than the log promised', () => {
    const later = changed(byAnn, 'integratedTime', (seconds) => `${Number(seconds) + 1}`);
    expect(verify(keyOf(ANN), BYTES, later)).toBe(false);
  });

  test('do not verify without the promise that bears the time', () => {
    expect(
      verify(
        keyOf(ANN),
        BYTES,
        changed(byAnn, 'inclusionPromise', () => undefined),
      ),
    ).toBe(false);
  });

  // The library verifies an attestation whatever bytes it is asked about.
  test('are no attestations: those sign what they hold themselves', () => {
    const attestation = sigstore.attest(Buffer.from('anything'), { identity: ANN, issuer: ISSUER });
    const library = new Verifier(toTrustMaterial(TrustedRoot.fromJSON(sigstore.trustedRoot)));
    expect(() => library.verify(toSignedEntity(bundleFromJSON(attestation), BYTES))).not.toThrow();
    expect(verify(keyOf(ANN), BYTES, attestation)).toBe(false);
  });

  test.each<[string, object]>([
    ['nothing', {}],
    ['an array', []],
    [
      'a bundle of another version',
      changed(byAnn, 'mediaType', () => 'application/vnd.dev.sigstore.bundle+json;version=9'),
    ],
    ['numbers for texts', changed(byAnn, 'rawBytes', () => 1)],
    ['null for the material', { ...byAnn, verificationMaterial: null }],
    ['a certificate that is none', changed(byAnn, 'rawBytes', () => 'AAAA')],
    ['an endless certificate', changed(byAnn, 'rawBytes', () => 'MIQ/////')],
    [
      'a public key in place of a certificate',
      { ...byAnn, verificationMaterial: { publicKey: { hint: 'x' }, tlogEntries: [] } },
    ],
  ])('are not found in %s', (_name, bundle) => {
    expect(verify(keyOf(ANN), BYTES, bundle)).toBe(false);
  });
});

describe('a trusted root', () => {
  test.each(['certificateAuthorities', 'tlogs', 'ctlogs'])('without %s is refused', (name) => {
    expect(() => sigstoreVerifier({ ...sigstore.trustedRoot, [name]: [] })).toThrow(name);
  });

  test.each([null, 'text', [], {}])('is not %j', (root) => {
    expect(() => sigstoreVerifier(root)).toThrow();
  });
});
