import type { Targets } from './metadata.js';
import { parseForeignTargets } from './parse-targets.js';
import { artifact } from './testing/artifacts.js';
import { type KeyPair, keysField, newKeyPairs, signedBy } from './testing/key-ring.js';
import { refusal } from './testing/refusals.js';

const [ALICE, BOB] = newKeyPairs(2) as [KeyPair, KeyPair];
const { path: PATH, ...FILE } = artifact('a/1');

const ROLE = { name: 'sub', keyids: [ALICE.keyId], threshold: 1, terminating: false, paths: ['a/*'] };
const SUCCINCT = { keyids: [ALICE.keyId], threshold: 1, bit_length: 2, name_prefix: 'bins' };
const signed = (fields: object = {}) => ({
  _type: 'targets',
  spec_version: '1.0.34',
  version: 1,
  expires: '2027-01-01T00:00:00Z',
  targets: { [PATH]: FILE },
  ...fields,
});
const metadata = (fields: object = {}) => signedBy(signed(fields) as unknown as Targets, ALICE);
const delegating = (...roles: object[]) => metadata({ delegations: { keys: keysField([ALICE, BOB]), roles } });
const withFile = (file: object) => metadata({ targets: { [PATH]: file } });

describe('targets metadata that comes from elsewhere', () => {
  test.each([
    ['without delegations', metadata()],
    ['without artifacts', metadata({ targets: {} })],
    ['with unknown fields', metadata({ 'x-note': { any: ['thing', 1, null] } })],
    ['with custom', withFile({ ...FILE, custom: { n: 1 } })],
    ['with an unknown field of an artifact', withFile({ ...FILE, 'x-note': 1 })],
    ['with named roles', delegating(ROLE, { ...ROLE, name: 'other', terminating: true })],
    ['with hash prefixes', delegating({ ...ROLE, paths: undefined, path_hash_prefixes: ['0', 'ab'] })],
    ['with an empty list of paths', delegating({ ...ROLE, paths: [] })],
  ])('obligation 1: is taken as it is %s', (_name, given) => {
    const copy = JSON.parse(JSON.stringify(given));
    expect(parseForeignTargets(copy)).toBe(copy);
  });

  test.each<[string, unknown, string, string]>([
    ['is not an object', 'text', 'metadata-malformed', 'metadata'],
    ['is of another type', metadata({ _type: 'snapshot' }), 'metadata-malformed', 'metadata.signed._type'],
    ['has no version', metadata({ version: 0 }), 'metadata-malformed', 'metadata.signed.version'],
    [
      'has an expiry with fractions',
      metadata({ expires: '2027-01-01T00:00:00.5Z' }),
      'metadata-malformed',
      'metadata.signed.expires',
    ],
    ['has no targets', metadata({ targets: [] }), 'metadata-malformed', 'metadata.signed.targets'],
    [
      'has a bad path',
      metadata({ targets: { '../a': FILE } }),
      'artifact-path-invalid',
      'metadata.signed.targets["../a"].path',
    ],
    [
      'has a file of negative length',
      withFile({ ...FILE, length: -1 }),
      'artifact-length-invalid',
      'metadata.signed.targets["a/1"].length',
    ],
    [
      'has a file without sha256',
      withFile({ ...FILE, hashes: { sha512: 'ab' } }),
      'artifact-hashes-invalid',
      'metadata.signed.targets["a/1"].hashes.sha512',
    ],
    [
      'has custom that tough cannot read',
      withFile({ ...FILE, custom: 'text' }),
      'artifact-custom-invalid',
      'metadata.signed.targets["a/1"].custom',
    ],
    [
      'has roles of no kind',
      metadata({ delegations: { keys: {} } }),
      'metadata-malformed',
      'metadata.signed.delegations.roles',
    ],
    [
      'makes succinct bins',
      metadata({ delegations: { keys: keysField([ALICE]), succinct_roles: SUCCINCT } }),
      'metadata-malformed',
      'metadata.signed.delegations.succinct_roles',
    ],
    ['names a role twice', delegating(ROLE, ROLE), 'metadata-malformed', 'metadata.signed.delegations.roles'],
    [
      'names a role badly',
      delegating({ ...ROLE, name: '../x' }),
      'role-name-invalid',
      'metadata.signed.delegations.roles[0].name',
    ],
    [
      'names a role as a top-level one',
      delegating({ ...ROLE, name: 'timestamp' }),
      'role-name-reserved',
      'metadata.signed.delegations.roles[0].name',
    ],
    [
      'names a role as a bin',
      delegating({ ...ROLE, name: 'team-bins-0' }),
      'role-name-reserved',
      'metadata.signed.delegations.roles[0].name',
    ],
    [
      'has an unknown key',
      delegating({ ...ROLE, keyids: ['ab'.repeat(32)] }),
      'metadata-malformed',
      'metadata.signed.delegations.roles[0].keyids',
    ],
    [
      'has a threshold out of reach',
      delegating({ ...ROLE, threshold: 2 }),
      'threshold-invalid',
      'metadata.signed.delegations.roles[0].threshold',
    ],
    [
      'has a key under another id',
      metadata({ delegations: { keys: { [BOB.keyId]: ALICE.key }, roles: [] } }),
      'key-id-wrong',
      `metadata.signed.delegations.keys.${BOB.keyId}`,
    ],
    [
      'does not say whether a role is terminating',
      delegating({ ...ROLE, terminating: undefined }),
      'metadata-malformed',
      'metadata.signed.delegations.roles[0].terminating',
    ],
    [
      'obligation 10: has paths and hash prefixes',
      delegating({ ...ROLE, path_hash_prefixes: ['0'] }),
      'metadata-malformed',
      'metadata.signed.delegations.roles[0]',
    ],
    [
      'obligation 10: has neither',
      delegating({ ...ROLE, paths: undefined }),
      'metadata-malformed',
      'metadata.signed.delegations.roles[0]',
    ],
    [
      'has a pattern that clients read differently',
      delegating({ ...ROLE, paths: ['a/[b]'] }),
      'path-pattern-invalid',
      'metadata.signed.delegations.roles[0].paths[0]',
    ],
    [
      'has a hash prefix in upper case',
      delegating({ ...ROLE, paths: undefined, path_hash_prefixes: ['AB'] }),
      'metadata-malformed',
      'metadata.signed.delegations.roles[0].path_hash_prefixes[0]',
    ],
    [
      'has two signatures of one key',
      { ...metadata(), signatures: [...metadata().signatures, ...metadata().signatures] },
      'signature-repeated',
      'metadata.signatures',
    ],
  ])('is refused when it %s, naming the field', (_name, given, code, field) => {
    const text = JSON.stringify(given);
    const error = refusal(() => parseForeignTargets(JSON.parse(text)));
    expect([error?.code, error?.field]).toEqual([code, field]);
  });
});
