import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { TufErrorCode } from './errors.js';
import { KEY_SCHEMES, type KeyScheme, keyFromPublicKey, keyIdOf, keyMaterial, parseKey, parseKeyId } from './key.js';
import { verifySignature } from './signature.js';
import { newKeyPair } from './testing/key-ring.js';
import { refusal, refusalOf } from './testing/refusals.js';

const P256 =
  '-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEpR50BEf/N9GV759awjBZ99xGgxbF\ngKKkyYtMQUzyIrPvc4vbmU65ABu/vf8r1awyunW5e3OjF3kugfdjZNoMjg==\n-----END PUBLIC KEY-----\n';

/** Public keys, key ids and signatures over `{"a":1}`, made by `CryptoSigner` of python securesystemslib 1.6.0. */
const VECTORS = [
  {
    scheme: 'ed25519',
    keytype: 'ed25519',
    public: '5b60387a6357c3045fd57e8d22195af2f3d63ea7441c78fe22788e46662326e6',
    keyid: '4d8cf82427da3c81d78951392f44dac0480a2a8410f209cff9363a672d0c943c',
    sig: 'c4b831118029a81cf90ef165bda4c3f2f836f88a0f0bf2c4d5685a990f2783cc5290d44de889fe7a6802c973340600d3b3707dd8967d24d392bc90f73960990d',
  },
  {
    scheme: 'ecdsa-sha2-nistp256',
    keytype: 'ecdsa',
    public: P256,
    keyid: '7def60a8cd498d1d44317fab2057095778368447449bead2cf7b3ff605d8dad9',
    sig: '30450221008d33219b18745cc79b7333570e9c41cd1892e83911e31b7f952344a19a5b445402203d1174844a3d9c73e7b9d6840d2f60d45eba74ea153bad50a9dccf0faad93f0b',
  },
  {
    scheme: 'ecdsa-sha2-nistp384',
    keytype: 'ecdsa',
    public:
      '-----BEGIN PUBLIC KEY-----\nMHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEvRWyOBnKVNVZ65kgNs6NeTvhDG32Xckf\nqEddniXTtRd8PlCwzEF2srl5bUANGJIJ8mdw+fdsCPBqGbjtyJQF3ozV6w0KNIgG\n6pZrRjedtNWRY7O3gEATmYXGgO54OfeW\n-----END PUBLIC KEY-----\n',
    keyid: '487421615ac7aa9699066933e78679e156a51280566c324e9618851a091a4283',
    sig: '3065023100b43932e7f8c5d876460fd244c8ac63ff431c35059c715ec7a7f889290c88c51818b7d35664e1a35b3d308e417f2b09e00230115e5252bfc5e31b75c94930d4040b7d05a1cd3647013659998835d59c68fcdf381e41b9f090668cb44e224fa14db773',
  },
  {
    scheme: 'rsassa-pss-sha256',
    keytype: 'rsa',
    public:
      '-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAqdRDz1PcTafTx7fhZWp8\nGFNKev6rfjXQDKlmnAF6xNLZJtBKcBhCITrT3S1HNNpojnnNgqJm4BfM4rd86N1Z\nscXZGexbHl2TPNS0JAIomPRXE7umplO0sRJUQQqgx2k0TDQzbj2gw/aoWat6wmqv\nW6/dN1N+ynN3IhyvMntNPo3Y4zgOxqx1NpV43FI+AqbE0Q9JuhzxKwXQWyt8SFKW\neEAlNXyfwr+rlPEQIsXGl+NJUBIqa1vtpkUYJ/134+YXTnql1rHgrbAUjuIseSdJ\nzDdsRIWAbH7uw2+y/0NZKB/C7loCDA/ucGUdlgeZ59fKpbEglnKVAuCF2YTsZ1dr\nIQIDAQAB\n-----END PUBLIC KEY-----\n',
    keyid: '093698118d8f845ee458c7c104ea7c800fdb9e80223675b2b15aa90cce407b89',
    sig: 'a9870331a6042ebf2deb16a11074427bc131c7a573cbda0550663256ea44b99f6ecb8e0cbb5966688eefe977a7bcc6ac72a119c64243bf3be5c3197289ee4acc79176818e5771a1620eb3af7b811afa2c9e3d5aaba69d2b07b51ed8b158886b4f67b4c694b7dc3710324710b549ad892df9dfe64c371fb85c3fa9d292d4d7517b45e5ea8df0738d8331cd82e6104b878ace917180e4b46b8458db701700969af62d89f26cbec47ba5bad9a849598da9a24cb1e0f6b4332d9b29c2e0a2167e89b70fb258f1344972884cddd306df5c6ab3e04a08e3487dbb2b9f2e8eee49c5ab47363e028c9b70fd2cc6e59706ef2f9229c530d865f2775b75851e4e041c536df',
  },
] as const;

const keyOf = ({ keytype, scheme, public: text }: { keytype: string; scheme: string; public: string }) => ({
  keytype,
  scheme,
  keyval: { public: text },
});

function pem(publicKey: KeyObject): string {
  return publicKey.export({ type: 'spki', format: 'pem' }).toString();
}

describe('keys', () => {
  test.each(VECTORS)('obligation 4: the id of an $scheme key is what securesystemslib computes', (vector) => {
    expect(keyIdOf(parseKey(keyOf(vector), 'key'))).toBe(vector.keyid);
  });

  test.each(VECTORS)(
    'obligation 5: a signature of securesystemslib by $scheme verifies, over its bytes only',
    (vector) => {
      const key = parseKey(keyOf(vector), 'key');
      const signature = { keyid: parseKeyId(vector.keyid, 'keyid'), sig: vector.sig };
      expect(verifySignature(key, Buffer.from('{"a":1}'), signature)).toBe(true);
      expect(verifySignature(key, Buffer.from('{"a":2}'), signature)).toBe(false);
    },
  );

  test('obligation 4: unknown fields count in the id of a key, and are kept', () => {
    const plain = keyOf(VECTORS[0]);
    const key = parseKey({ ...plain, 'x-owner': '@ann' }, 'key');
    expect(key).toEqual({ ...plain, 'x-owner': '@ann' });
    // python: sha256 of encode_canonical of the whole key
    expect(keyIdOf(key)).toBe('170e948fec7163953d647c508545b97884d038aa85de408236f572fb81e813dd');
  });

  test('obligation 4: the older key type of ECDSA has an id of its own, and the same key material', () => {
    const old = parseKey(keyOf({ ...VECTORS[1], keytype: 'ecdsa-sha2-nistp256' }), 'key');
    expect(keyIdOf(old)).toBe('2b55298b11da68944eaa6b693c6ce05ec81fff36f1d0f94120a1207f6bbd2648'); // securesystemslib
    expect(keyMaterial(old)).toBe(keyMaterial(parseKey(keyOf(VECTORS[1]), 'key')));
  });

  test('obligation 4: key material is the same whatever the line breaks of its PEM', () => {
    const trimmed = parseKey(keyOf({ ...VECTORS[1], public: P256.trim() }), 'key');
    expect(keyMaterial(trimmed)).toBe(keyMaterial(parseKey(keyOf(VECTORS[1]), 'key')));
  });

  test.each(KEY_SCHEMES)('obligation 5: a new %s key is written in a form that is read back', (scheme) => {
    const { key } = newKeyPair(scheme);
    expect(parseKey(JSON.parse(JSON.stringify(key)), 'key')).toEqual(key);
    expect(key.scheme).toBe(scheme);
  });

  const [ed25519, p256, p384, rsa] = VECTORS.map(keyOf);
  const refused: readonly (readonly [name: string, key: unknown, code: TufErrorCode, field: string])[] = [
    ['text', 'key', 'metadata-malformed', 'k'],
    ['no scheme', { ...ed25519, scheme: undefined }, 'key-invalid', 'k.scheme'],
    ['an unknown scheme', { ...ed25519, scheme: 'rsa-pkcs1v15-sha256' }, 'key-invalid', 'k.scheme'],
    ['a scheme that objects inherit', { ...ed25519, scheme: 'constructor' }, 'key-invalid', 'k.scheme'],
    ['no key type', { ...ed25519, keytype: undefined }, 'metadata-malformed', 'k.keytype'],
    [
      'a scheme that does not fit the key type',
      { ...ed25519, scheme: 'ecdsa-sha2-nistp256' },
      'key-invalid',
      'k.scheme',
    ],
    ['the key type of the other curve', { ...p256, keytype: 'ecdsa-sha2-nistp384' }, 'key-invalid', 'k.scheme'],
    ['no key value', { ...ed25519, keyval: undefined }, 'metadata-malformed', 'k.keyval'],
    ['an empty key value', { ...ed25519, keyval: {} }, 'metadata-malformed', 'k.keyval.public'],
    ['P-384 for P-256', { ...p256, keyval: p384?.keyval }, 'key-invalid', 'k.scheme'],
    ['P-256 for P-384', { ...p384, keyval: p256?.keyval }, 'key-invalid', 'k.scheme'],
    ['RSA for ECDSA', { ...p256, keyval: rsa?.keyval }, 'key-invalid', 'k.scheme'],
    ['ECDSA for RSA', { ...rsa, keyval: p256?.keyval }, 'key-invalid', 'k.scheme'],
    ['PEM for ed25519', { ...ed25519, keyval: p256?.keyval }, 'key-invalid', 'k.keyval.public'],
    ['hex for ECDSA', { ...p256, keyval: ed25519?.keyval }, 'key-invalid', 'k.keyval.public'],
    ['ed25519 too short', { ...ed25519, keyval: { public: 'ab' } }, 'key-invalid', 'k.keyval.public'],
    ['ed25519 in capitals', { ...ed25519, keyval: { public: 'AB'.repeat(32) } }, 'key-invalid', 'k.keyval.public'],
    ['PEM cut off', { ...p256, keyval: { public: P256.slice(0, 80) } }, 'key-invalid', 'k.keyval.public'],
    [
      'PEM of nonsense',
      { ...p256, keyval: { public: P256.replace('MFkw', 'AAAA') } },
      'key-invalid',
      'k.keyval.public',
    ],
    [
      'PEM of a point off the curve',
      { ...p256, keyval: { public: P256.replace('jg==', 'jw==') } },
      'key-invalid',
      'k.keyval.public',
    ],
  ];
  test.each(refused)('obligation 5: refuses a key with %s', (_name, key, code, field) => {
    expect(refusal(() => parseKey(key, 'k'))).toMatchObject({ code, field });
  });

  test('obligation 5: refuses RSA of 1,024 bits, and takes 2,048', () => {
    const weak = generateKeyPairSync('rsa', { modulusLength: 1_024 }).publicKey;
    expect(refusalOf(() => parseKey({ ...rsa, keyval: { public: pem(weak) } }, 'k'))).toBe('key-too-weak');
    expect(refusalOf(() => keyFromPublicKey(weak, 'rsassa-pss-sha256'))).toBe('key-too-weak');
    expect(refusalOf(() => parseKey(rsa, 'k'))).toBe('accepted');
  });

  test('refuses a private key in the place of a public one', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const text = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    expect(refusalOf(() => parseKey({ ...p256, keyval: { public: text } }, 'k'))).toBe('key-invalid');
  });

  // securesystemslib once wrote its key files in this shape; root is public and stays public for ever.
  test('refuses a key that carries its private half along', () => {
    const leaky = { ...ed25519, keyval: { ...ed25519?.keyval, private: 'ab'.repeat(32) } };
    expect(refusalOf(() => parseKey(leaky, 'k'))).toBe('key-invalid');
  });

  // tuf-js reads keyval as a record of texts, and refuses the whole root otherwise.
  test('obligation 5: refuses a key value with a field that is not text', () => {
    const odd = { ...ed25519, keyval: { ...ed25519?.keyval, 'x-bits': 256 } };
    expect(refusalOf(() => parseKey(odd, 'k'))).not.toBe('accepted');
  });

  test.each<[string, KeyScheme]>([
    ['secp256k1', 'ecdsa-sha2-nistp256'],
    ['P-521', 'ecdsa-sha2-nistp384'],
  ])('obligation 5: refuses the curve %s', (namedCurve, scheme) => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve });
    expect(refusalOf(() => keyFromPublicKey(publicKey, scheme))).toBe('key-invalid');
  });

  test('PSS-only RSA keys are refused, as clients do not read them', () => {
    const { publicKey } = generateKeyPairSync('rsa-pss', { modulusLength: 2_048 });
    expect(refusalOf(() => parseKey({ ...rsa, keyval: { public: pem(createPublicKey(pem(publicKey))) } }, 'k'))).toBe(
      'key-invalid',
    );
  });
});

describe('Sigstore identities', () => {
  const ann = {
    keytype: 'sigstore-oidc',
    scheme: 'Fulcio',
    keyval: { identity: 'ann@example.com', issuer: 'https://accounts.example.com' },
  };

  test('have the id that securesystemslib computes', () => {
    // python: SigstoreSigner.import_('ann@example.com', 'https://accounts.example.com')
    expect(keyIdOf(parseKey(ann, 'key'))).toBe('1ce9551faea2622a86e989eb748bffd9a75393471fbfda575bc07841fd709e57');
  });

  test('keep unknown fields, those of the key value too', () => {
    const odd = { ...ann, 'x-owner': '@ann', keyval: { ...ann.keyval, public: '' } };
    expect(parseKey(odd, 'key')).toEqual(odd);
  });

  test.each([
    ['the same', ann, true],
    ['with a further field', { ...ann, keyval: { ...ann.keyval, public: '' } }, true],
    ['of another identity', { ...ann, keyval: { ...ann.keyval, identity: 'bob@example.com' } }, false],
    ['of another issuer', { ...ann, keyval: { ...ann.keyval, issuer: 'https://login.example.com' } }, false],
  ])('are one key or two: one %s', (_name, other, same) => {
    expect(keyMaterial(parseKey(ann, 'k')) === keyMaterial(parseKey(other, 'k'))).toBe(same);
  });

  test.each<[string, object, TufErrorCode, string]>([
    ['another key type', { keytype: 'ed25519' }, 'key-invalid', 'k.scheme'],
    ['no identity', { keyval: { issuer: ann.keyval.issuer } }, 'metadata-malformed', 'k.keyval.identity'],
    ['an empty identity', { keyval: { ...ann.keyval, identity: '' } }, 'metadata-malformed', 'k.keyval.identity'],
    [
      'a Cyrillic a',
      { keyval: { ...ann.keyval, identity: '\u0430nn@example.com' } },
      'key-invalid',
      'k.keyval.identity',
    ],
    ['a line break', { keyval: { ...ann.keyval, issuer: 'https://a.example\n' } }, 'key-invalid', 'k.keyval.issuer'],
    ['no issuer', { keyval: { identity: 'ann@example.com' } }, 'metadata-malformed', 'k.keyval.issuer'],
    [
      'an issuer without encryption',
      { keyval: { ...ann.keyval, issuer: 'http://a.example' } },
      'key-invalid',
      'k.keyval.issuer',
    ],
    ['an issuer that is no URL', { keyval: { ...ann.keyval, issuer: 'GitHub' } }, 'key-invalid', 'k.keyval.issuer'],
    ['a field that is not text', { keyval: { ...ann.keyval, 'x-since': 1 } }, 'key-invalid', 'k.keyval.x-since'],
  ])('are refused with %s', (_name, change, code, field) => {
    expect(refusal(() => parseKey({ ...ann, ...change }, 'k'))).toMatchObject({ code, field });
  });

  test('are no public keys: the key type does not make them one', () => {
    const disguised = { ...ann, scheme: 'ed25519' };
    expect(refusalOf(() => parseKey(disguised, 'k'))).toBe('key-invalid');
  });
});

describe('key ids', () => {
  test.each([
    ['capitals', 'A'.repeat(64)],
    ['63 digits', 'a'.repeat(63)],
    ['65 digits', 'a'.repeat(65)],
    ['a letter beyond f', 'g'.repeat(64)],
    ['a newline at the end', `${'a'.repeat(64)}\n`],
  ])('obligation 4: with %s are refused', (_name, text) => {
    expect(refusalOf(() => parseKeyId(text, 'keyid'))).toBe('key-id-wrong');
  });
});
