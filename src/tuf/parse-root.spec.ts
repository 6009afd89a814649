import { encodeMetadata } from './encode-metadata.js';
import type { TufErrorCode } from './errors.js';
import { keyIdOf } from './key.js';
import type { Root, SignedMetadata } from './metadata.js';
import { parseRoot } from './parse-root.js';
import { missingRootSignatures } from './root-trust.js';
import { type KeyPair, newKeyPair, newKeyPairs, signedBy } from './testing/key-ring.js';
import { refusal, refusalOf } from './testing/refusals.js';
import { rootOf } from './testing/roots.js';

const [FIRST, SECOND, ONLINE] = newKeyPairs(3) as [KeyPair, KeyPair, KeyPair];
const ECDSA = newKeyPair('ecdsa-sha2-nistp256');
const ROOT = rootOf({ rootKeys: [FIRST, SECOND], threshold: 2, online: [ONLINE, ECDSA] });
const GOOD = signedBy(ROOT, FIRST, SECOND);

/** The good root with some fields of its signed part replaced; an undefined field is left out. */
function withSigned(fields: object): unknown {
  return JSON.parse(JSON.stringify({ ...GOOD, signed: { ...ROOT, ...fields } }));
}

function withRole(role: string, fields: object): unknown {
  const roles: Record<string, object> = { ...ROOT.roles };
  return withSigned({ roles: { ...roles, [role]: { ...roles[role], ...fields } } });
}

/** A key under the id that is right for it. */
function underItsId(key: object): object {
  return { [keyIdOf(key as Root['keys'][never])]: key };
}

describe('parsing a root', () => {
  test('obligation 7: a good root is taken as it is', () => {
    expect(parseRoot(JSON.parse(JSON.stringify(GOOD)))).toEqual(GOOD);
  });

  const refused: readonly (readonly [name: string, value: unknown, code: TufErrorCode, field: string])[] = [
    ['7: null', null, 'metadata-malformed', 'root'],
    ['7: an array', [], 'metadata-malformed', 'root'],
    ['7: no signatures field', { signed: ROOT }, 'metadata-malformed', 'root.signatures'],
    ['7: no signed field', { signatures: [] }, 'metadata-malformed', 'root.signed'],
    ['7: the type of another role', withSigned({ _type: 'targets' }), 'metadata-malformed', 'root.signed._type'],
    ['7: no spec_version', withSigned({ spec_version: undefined }), 'metadata-malformed', 'root.signed.spec_version'],
    ['7: spec_version 2', withSigned({ spec_version: '2.0.0' }), 'metadata-malformed', 'root.signed.spec_version'],
    ['7: spec_version 10', withSigned({ spec_version: '10.0.0' }), 'metadata-malformed', 'root.signed.spec_version'],
    ['7: spec_version 1 alone', withSigned({ spec_version: '1' }), 'metadata-malformed', 'root.signed.spec_version'],
    ['7: spec_version as a number', withSigned({ spec_version: 1 }), 'metadata-malformed', 'root.signed.spec_version'],
    ['7: version 0', withSigned({ version: 0 }), 'metadata-malformed', 'root.signed.version'],
    ['7: version -1', withSigned({ version: -1 }), 'metadata-malformed', 'root.signed.version'],
    ['7: version 1.5', withSigned({ version: 1.5 }), 'metadata-malformed', 'root.signed.version'],
    ['7: version as text', withSigned({ version: '1' }), 'metadata-malformed', 'root.signed.version'],
    [
      '6: fractions in expires',
      withSigned({ expires: '2027-01-01T00:00:00.5Z' }),
      'metadata-malformed',
      'root.signed.expires',
    ],
    [
      '6: February 30 in expires',
      withSigned({ expires: '2027-02-30T00:00:00Z' }),
      'metadata-malformed',
      'root.signed.expires',
    ],
    ['6: no expires', withSigned({ expires: undefined }), 'metadata-malformed', 'root.signed.expires'],
    [
      '7: consistent_snapshot false',
      withSigned({ consistent_snapshot: false }),
      'metadata-malformed',
      'root.signed.consistent_snapshot',
    ],
    [
      '7: no consistent_snapshot',
      withSigned({ consistent_snapshot: undefined }),
      'metadata-malformed',
      'root.signed.consistent_snapshot',
    ],
    [
      '7: consistent_snapshot as text',
      withSigned({ consistent_snapshot: 'true' }),
      'metadata-malformed',
      'root.signed.consistent_snapshot',
    ],
    ['2: a fraction in an unknown field', withSigned({ 'x-load': 0.5 }), 'metadata-malformed', ''],
    ['7: no keys', withSigned({ keys: undefined }), 'metadata-malformed', 'root.signed.keys'],
    ['7: keys as an array', withSigned({ keys: [] }), 'metadata-malformed', 'root.signed.keys'],
    [
      '4: a key id in capitals',
      withSigned({ keys: { ['A'.repeat(64)]: FIRST.key } }),
      'key-id-wrong',
      `root.signed.keys.${'A'.repeat(64)}`,
    ],
    [
      '4: a wrong key id',
      withSigned({ keys: { ...ROOT.keys, ['a'.repeat(64)]: newKeyPair().key } }),
      'key-id-wrong',
      `root.signed.keys.${'a'.repeat(64)}`,
    ],
    [
      '4: a key id __proto__',
      withSigned({ keys: JSON.parse('{"__proto__":{}}') }),
      'key-id-wrong',
      'root.signed.keys.__proto__',
    ],
    [
      '4: one key under two ids, by an unknown field',
      withSigned({ keys: { ...ROOT.keys, ...underItsId({ ...FIRST.key, 'x-twin': true }) } }),
      'key-duplicated',
      'root.signed.keys',
    ],
    [
      '4: one key under two ids, by the older key type',
      withSigned({ keys: { ...ROOT.keys, ...underItsId({ ...ECDSA.key, keytype: 'ecdsa-sha2-nistp256' }) } }),
      'key-duplicated',
      'root.signed.keys',
    ],
    [
      '4: one key under two ids, by a line break',
      withSigned({
        keys: { ...ROOT.keys, ...underItsId({ ...ECDSA.key, keyval: { public: `${ECDSA.key.keyval.public}\n` } }) },
      }),
      'key-duplicated',
      'root.signed.keys',
    ],
    [
      '5: a key that is not one',
      withSigned({ keys: { ...ROOT.keys, [FIRST.keyId]: 7 } }),
      'metadata-malformed',
      `root.signed.keys.${FIRST.keyId}`,
    ],
    ['7: no roles', withSigned({ roles: undefined }), 'metadata-malformed', 'root.signed.roles'],
    [
      '7: a missing role',
      withSigned({ roles: { ...ROOT.roles, snapshot: undefined } }),
      'metadata-malformed',
      'root.signed.roles',
    ],
    [
      '7: an additional role',
      withSigned({ roles: { ...ROOT.roles, mirrors: ROOT.roles.root } }),
      'metadata-malformed',
      'root.signed.roles',
    ],
    [
      '7: a role __proto__',
      withSigned({ roles: { ...JSON.parse('{"__proto__":{}}'), ...ROOT.roles } }),
      'metadata-malformed',
      'root.signed.roles',
    ],
    [
      '7: a role that is null',
      withSigned({ roles: { ...ROOT.roles, root: null } }),
      'metadata-malformed',
      'root.signed.roles.root',
    ],
    ['7: threshold 0', withRole('root', { threshold: 0 }), 'threshold-invalid', 'root.signed.roles.root.threshold'],
    [
      '7: threshold -1',
      withRole('targets', { threshold: -1 }),
      'threshold-invalid',
      'root.signed.roles.targets.threshold',
    ],
    ['7: threshold 1.5', withRole('root', { threshold: 1.5 }), 'metadata-malformed', ''],
    [
      '7: threshold as text',
      withRole('root', { threshold: '2' }),
      'threshold-invalid',
      'root.signed.roles.root.threshold',
    ],
    [
      '7: no threshold',
      withRole('root', { threshold: undefined }),
      'threshold-invalid',
      'root.signed.roles.root.threshold',
    ],
    [
      '7: a threshold above the number of keys',
      withRole('root', { threshold: 3 }),
      'threshold-invalid',
      'root.signed.roles.root.threshold',
    ],
    [
      '7: a role without keys',
      withRole('timestamp', { keyids: [] }),
      'threshold-invalid',
      'root.signed.roles.timestamp.threshold',
    ],
    [
      '7: a role that names one key twice',
      withRole('root', { keyids: [FIRST.keyId, FIRST.keyId], threshold: 2 }),
      'key-duplicated',
      'root.signed.roles.root.keyids',
    ],
    [
      '7: a role with a key that root does not have',
      withRole('root', { keyids: [FIRST.keyId, newKeyPair().keyId] }),
      'metadata-malformed',
      'root.signed.roles.root.keyids',
    ],
    [
      '7: keyids that are text',
      withRole('root', { keyids: FIRST.keyId }),
      'metadata-malformed',
      'root.signed.roles.root.keyids',
    ],
    ['3: two signatures of one key', signedBy(ROOT, FIRST, FIRST), 'signature-repeated', 'root.signatures'],
    [
      '3: a signature that is not hex',
      { ...GOOD, signatures: [{ keyid: FIRST.keyId, sig: 'xy' }] },
      'metadata-malformed',
      'root.signatures[0].sig',
    ],
    [
      '3: a signature of half a byte',
      { ...GOOD, signatures: [{ keyid: FIRST.keyId, sig: 'abc' }] },
      'metadata-malformed',
      'root.signatures[0].sig',
    ],
    [
      '3: an empty signature',
      { ...GOOD, signatures: [{ keyid: FIRST.keyId, sig: '' }] },
      'metadata-malformed',
      'root.signatures[0].sig',
    ],
    [
      '3: a signature without a key id',
      { ...GOOD, signatures: [{ sig: 'ab' }] },
      'metadata-malformed',
      'root.signatures[0].keyid',
    ],
  ];
  test.each(refused)('obligation %s is refused', (_name, value, code, field) => {
    const refused = refusal(() => parseRoot(value));
    expect({ code: refused?.code, field: refused?.field ?? '' }).toEqual({ code, field });
  });

  test.each(['1.0', '1.0.34', '1.31.0'])('obligation 7: spec_version %s is accepted', (spec_version) => {
    expect(refusalOf(() => parseRoot(withSigned({ spec_version })))).toBe('accepted');
  });

  test('obligation 1: unknown fields are preserved everywhere', () => {
    const text = JSON.stringify({
      ...GOOD,
      'x-envelope': 1,
      signed: {
        ...ROOT,
        'x-signed': { deep: [1, null] },
        roles: { ...ROOT.roles, root: { ...ROOT.roles.root, 'x-role': 1 } },
      },
    });
    const root = parseRoot(JSON.parse(text));
    expect(Buffer.from(encodeMetadata(root)).toString()).toBe(text);
  });

  test.each([
    ['text in normal form D', { 'x-owner': 'u\u0308' }],
    ['a name in normal form D', { 'u\u0308': 1 }],
    ['names that clients sort differently', { 'x-a': 1, 'x-a!': 2 }],
    ['__proto__', JSON.parse('{"x-deep":{"__proto__":{"polluted":true}}}')],
  ])('refuses %s, which some client would not sign-check as the others do', (_name, fields) => {
    expect(refusalOf(() => parseRoot(withSigned(fields)))).toBe('metadata-malformed');
  });

  test('obligation 4: unknown fields of a key are preserved, and its id covers them', () => {
    const key = { ...newKeyPair().key, 'x-owner': '@ann' };
    const value = withSigned({ keys: { ...ROOT.keys, ...underItsId(key) } });
    expect(Object.values(parseRoot(value).signed.keys)).toContainEqual(key);
  });

  test('the field names start with what the caller calls the root', () => {
    expect(refusal(() => parseRoot(withSigned({ version: 0 }), 'body.root'))?.field).toBe('body.root.signed.version');
  });

  test('signatures are checked for their form only', () => {
    const unsigned = parseRoot({ signatures: [], signed: ROOT }) as SignedMetadata<Root>;
    expect(missingRootSignatures(unsigned)).toBe(2);
  });

  test('refuses nesting too deep to walk, rather than overflowing the stack', () => {
    const deep: unknown = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000));
    expect(refusalOf(() => parseRoot({ ...GOOD, signed: { ...ROOT, 'x-deep': deep } }))).toBe('metadata-malformed');
    expect(refusalOf(() => parseRoot({ ...GOOD, 'x-deep': deep }))).toBe('metadata-malformed');
  });

  // python-tuf, go-tuf and tuf-js stop reading a root at 512,000 bytes, and root has no referrer to state its length.
  test('refuses a root larger than clients read', () => {
    expect(refusalOf(() => parseRoot(withSigned({ 'x-filler': 'x'.repeat(512_000) })))).not.toBe('accepted');
  });
});
