import type { Change } from './change.js';
import type { Root } from './metadata.js';
import { describeRootChange } from './root-diff.js';
import { missingRootSignatures, rootThresholds } from './root-trust.js';
import { rootWarnings } from './root-warnings.js';
import { artifact } from './testing/artifacts.js';
import { type KeyPair, keysField, newKeyPairs, signatureBy, signedBy } from './testing/key-ring.js';
import { MemoryRepository } from './testing/memory-repository.js';
import { NOW, rootOf } from './testing/roots.js';

const [FIRST, SECOND, THIRD, ONLINE, NEXT_ONLINE] = newKeyPairs(5) as [KeyPair, KeyPair, KeyPair, KeyPair, KeyPair];
const ROOT = rootOf({ rootKeys: [FIRST, SECOND], threshold: 2, online: [ONLINE] });

function published(): MemoryRepository {
  const repository = new MemoryRepository({ online: [ONLINE, NEXT_ONLINE] });
  repository.publish([{ kind: 'set-root', root: signedBy(ROOT, FIRST, SECOND) }]);
  repository.publish([{ kind: 'add-artifacts', artifacts: [artifact('a'), artifact('b')] }]);
  return repository;
}

const next = (fields: Partial<Root> = {}, version = 2): Root => ({ ...ROOT, version, ...fields });
const withRootKeys = (keys: readonly KeyPair[], threshold: number): Partial<Root> => ({
  keys: { ...keysField([...keys, ONLINE]) },
  roles: { ...ROOT.roles, root: { keyids: keys.map(({ keyId }) => keyId), threshold } },
});
const setRoot = (signed: Root, ...signers: readonly KeyPair[]): Change => ({
  kind: 'set-root',
  root: signedBy(signed, ...signers),
});
const sign = (signingEvent: string, signed: Root, signer: KeyPair): Change => ({
  kind: 'add-signature',
  signingEvent,
  signature: signatureBy(signer, signed),
});

const byNextOnline = { keyids: [NEXT_ONLINE.keyId], threshold: 1 };
const ONLINE_ROTATED: Partial<Root> = {
  keys: { ...ROOT.keys, ...keysField([NEXT_ONLINE]) },
  roles: { ...ROOT.roles, targets: byNextOnline, snapshot: byNextOnline, timestamp: byNextOnline },
};

describe('the next root, with all its signatures,', () => {
  test.each<[name: string, fields: Partial<Root>, signers: KeyPair[]]>([
    ['with another expiry', { expires: '2028-03-01T12:00:00Z' }, [FIRST, SECOND]],
    ['with a root key more', withRootKeys([FIRST, SECOND, THIRD], 2), [FIRST, SECOND]],
    ['with a root key less', withRootKeys([FIRST], 1), [FIRST, SECOND]],
    ['with a higher threshold', withRootKeys([FIRST, SECOND, THIRD], 3), [FIRST, SECOND, THIRD]],
    ['with other root keys', withRootKeys([THIRD], 1), [FIRST, SECOND, THIRD]],
  ])('obligation 12: %s is published at once', (_name, fields, signers) => {
    const { outcomes, revision } = published().publish([setRoot(next(fields), ...signers)]);
    expect(outcomes).toEqual([{ state: 'succeeded' }]);
    expect(revision?.root?.metadata.signed).toEqual(next(fields));
    expect(revision?.targetsRoles).toEqual([]); // nobody else's keys changed
  });

  test('obligation 12: with other online keys has everything signed by them in one revision', () => {
    const repository = published();
    const { revision } = repository.publish([setRoot(next(ONLINE_ROTATED), FIRST, SECOND)]);
    const files = [...(revision?.targetsRoles ?? []), revision?.snapshot, revision?.timestamp];
    expect(files).toHaveLength(4 + 1 + 2);
    expect(files.map((file) => file?.metadata.signatures.map(({ keyid }) => keyid))).toEqual(
      files.map(() => [NEXT_ONLINE.keyId]),
    );
    expect([...repository.listed().keys()].sort()).toEqual(['a', 'b']);
  });

  test('with another key for timestamp alone leaves snapshot and targets as they are', () => {
    const roles = { ...ROOT.roles, timestamp: byNextOnline };
    const { revision } = published().publish([setRoot(next({ ...ONLINE_ROTATED, roles }), FIRST, SECOND)]);
    expect([revision?.snapshot, revision?.targetsRoles]).toEqual([null, []]);
    expect(revision?.timestamp.metadata.signatures.map(({ keyid }) => keyid)).toEqual([NEXT_ONLINE.keyId]);
  });

  test('goes with what else is waiting', () => {
    const repository = published();
    const { outcomes } = repository.publish([
      { kind: 'remove-artifacts', paths: [artifact('a').path] },
      setRoot(next(ONLINE_ROTATED), FIRST, SECOND),
      { kind: 'add-artifacts', artifacts: [artifact('c')] },
    ]);
    expect(outcomes.map(({ state }) => state)).toEqual(['succeeded', 'succeeded', 'succeeded']);
    expect([...repository.listed().keys()].sort()).toEqual(['b', 'c']);
  });

  test('is one to a revision: clients take them one after the other', () => {
    const repository = published();
    const changes = [setRoot(next(), FIRST, SECOND), setRoot(next({}, 3), FIRST, SECOND)];
    expect(repository.publish(changes).outcomes).toEqual([{ state: 'succeeded' }]);
    expect(repository.publish(changes.slice(1)).outcomes).toEqual([{ state: 'succeeded' }]);
  });
});

describe('the next root is refused', () => {
  test.each<[name: string, change: Change, code: string]>([
    ['with the version it follows', setRoot(next({}, 1), FIRST, SECOND), 'metadata-version-wrong'],
    ['with a version left out', setRoot(next({}, 3), FIRST, SECOND), 'metadata-version-wrong'],
    ['when it has expired', setRoot(next({ expires: '2026-01-01T00:00:00Z' }), FIRST, SECOND), 'metadata-expired'],
    ['with the signature of a stranger', setRoot(next(), FIRST, THIRD), 'signature-foreign'],
    [
      'with a signature over something else',
      { kind: 'set-root', root: { signed: next(), signatures: [signatureBy(FIRST, ROOT)] } },
      'signature-invalid',
    ],
    [
      'without an online key for a role',
      setRoot(next({ roles: { ...ROOT.roles, timestamp: ROOT.roles.root } }), FIRST, SECOND),
      'online-key-missing',
    ],
  ])('%s', (_name, change, code) => {
    const { outcomes, plan } = published().publish([change]);
    expect(outcomes).toMatchObject([{ state: 'refused', refusal: { code } }]);
    expect(plan).toMatchObject({ content: null, signingEvents: [] });
  });
});

describe('the next root, while signatures are missing,', () => {
  const rotated = next(withRootKeys([THIRD], 1));

  test('waits in an event, and the root in force stays', () => {
    const repository = published();
    const { outcomes, plan } = repository.publish([setRoot(rotated)]);
    expect(outcomes).toMatchObject([{ state: 'succeeded', missingSignatures: 3 }]);
    expect(plan).toMatchObject({ content: null, signingEvents: [{ state: 'open' }] });
  });

  test('needs the thresholds of the old and of the new root keys, each on its own', () => {
    const signed = signedBy(rotated, FIRST, THIRD);
    expect(rootThresholds(signed, ROOT)).toMatchObject([
      { of: 'previous root', threshold: 2, signedBy: [FIRST.keyId], mayBeSignedBy: [SECOND.keyId], missing: 1 },
      { of: 'this root', threshold: 1, signedBy: [THIRD.keyId], missing: 0 },
    ]);
    expect(missingRootSignatures(signed, ROOT)).toBe(1);
    expect(missingRootSignatures(signedBy(next()), ROOT)).toBe(2); // the keys of both count for both
  });

  test.each([[[FIRST, SECOND, THIRD]], [[THIRD, SECOND, FIRST]], [[SECOND, THIRD, FIRST]]])(
    'takes signatures one at a time, in any order, and is published with the last',
    (signers) => {
      const repository = published();
      const event = repository.publish([setRoot(rotated)]).outcomes[0]?.signingEvent ?? '';
      const revisions = signers.map((signer) => repository.publish([sign(event, rotated, signer)]).revision);
      expect(revisions.map((revision) => revision?.root?.metadata.signed.version)).toEqual([undefined, undefined, 2]);
    },
  );

  test('is superseded, for all to see, by another proposal', () => {
    const repository = published();
    const event = repository.publish([setRoot(rotated, FIRST)]).outcomes[0]?.signingEvent ?? '';
    const { plan } = repository.publish([setRoot(next({ expires: '2029-01-01T00:00:00Z' }), FIRST)]);
    expect(plan.signingEvents).toMatchObject([{ id: event, state: 'superseded' }, { state: 'open' }]);
    expect(repository.publish([sign(event, rotated, SECOND)]).outcomes).toMatchObject([
      { refusal: { code: 'signing-event-closed' } },
    ]);
  });

  test('is withdrawn with a reason', () => {
    const repository = published();
    const event = repository.publish([setRoot(rotated, FIRST)]).outcomes[0]?.signingEvent ?? '';
    const withdrawal: Change = { kind: 'withdraw-signing-event', signingEvent: event, reason: 'wrong key' };
    expect(repository.publish([withdrawal]).plan.signingEvents).toMatchObject([
      { state: 'withdrawn', reason: 'wrong key' },
    ]);
    expect(repository.publish([withdrawal]).outcomes).toMatchObject([{ refusal: { code: 'signing-event-closed' } }]);
  });

  test('does not hold up artifacts', () => {
    const repository = published();
    const { outcomes } = repository.publish([setRoot(rotated), { kind: 'add-artifacts', artifacts: [artifact('c')] }]);
    expect(outcomes).toMatchObject([{ state: 'succeeded' }, { state: 'succeeded' }]);
    expect([...repository.listed().keys()].sort()).toEqual(['a', 'b', 'c']);
  });
});

describe('signers are told', () => {
  test('what a root changes', () => {
    const root = next({ ...withRootKeys([FIRST, THIRD], 1), expires: '2028-03-01T12:00:00Z' });
    expect(describeRootChange(ROOT, root)).toEqual([
      `root: key ${THIRD.keyId} added`,
      `root: key ${SECOND.keyId} removed`,
      'root: threshold changes from 2 to 1',
      `expiry changes from ${ROOT.expires} to 2028-03-01T12:00:00Z`,
    ]);
    expect(describeRootChange(ROOT, { ...next(), 'x-owner': 'us' } as Root)).toEqual(['field "x-owner" changes']);
    expect(describeRootChange(null, ROOT)[0]).toMatch(/^root: 2 of 2 keys must sign: /);
  });

  test.each<[name: string, root: Root, warning: RegExp]>([
    ['of a single root key', next(withRootKeys([FIRST], 1)), /one root key only/],
    ['of a threshold that takes every key', ROOT, /all 2 root keys must sign/],
    [
      'of a root key that signs more',
      next({ roles: { ...ROOT.roles, targets: ROOT.roles.root } }),
      /signs root and targets/,
    ],
    ['of an expiry that is near', next({ expires: '2026-03-11T12:00:00Z' }), /expires in 10 days/],
  ])('%s', (_name, root, warning) => {
    expect(rootWarnings(root, NOW).join('; ')).toMatch(warning);
  });
});
