import type { Change } from './change.js';
import type { DelegatedRole, Targets } from './metadata.js';
import type { RoleName } from './role-name.js';
import { artifact } from './testing/artifacts.js';
import { add, addRole, patterns, setMetadata, signersOf, updateRole } from './testing/changes.js';
import {
  ONLINE,
  PEOPLE,
  TARGETS_KEYS,
  withOfflineTargets,
  withOnlineTargets,
} from './testing/delegating-repository.js';
import { type KeyPair, keysField, newKeyPair, signatureBy, signedBy } from './testing/key-ring.js';
import type { MemoryRepository } from './testing/memory-repository.js';
import { NOW, secondsAfter } from './testing/roots.js';

const [ALICE, BOB, CAROL] = PEOPLE;
const [TARGETS_KEY] = TARGETS_KEYS;
const STRANGER = newKeyPair();
const DAY = 86_400;

/** Alice and Bob sign the role `team` together, for a/*. */
function withTeam(): MemoryRepository {
  const repository = withOnlineTargets();
  repository.publish([
    addRole({ name: 'team', paths: ['a/*'], keys: [ALICE, BOB], threshold: 2 }),
    addRole({ name: 'online', paths: ['o/*'], keys: [ONLINE[0]] }),
  ]);
  repository.signEvent('team', ALICE, BOB);
  return repository;
}

function made(repository: MemoryRepository, fields: Partial<Targets> = {}, ...paths: string[]): Targets {
  const base = repository.role('team');
  const files = paths.map((path) => {
    const { path: key, ...file } = artifact(path);
    return [key, file] as const;
  });
  return { ...base, version: base.version + 1, targets: Object.fromEntries(files), ...fields };
}

const sub = (fields: Partial<DelegatedRole> = {}): DelegatedRole => ({
  name: 'sub' as RoleName,
  keyids: [CAROL.keyId],
  threshold: 1,
  terminating: false,
  paths: patterns('a/s*'),
  ...fields,
});
const delegating = (...roles: DelegatedRole[]): Partial<Targets> => ({
  delegations: { keys: keysField([CAROL]), roles },
});

describe('metadata that was made elsewhere', () => {
  test('is published as it is, with signatures and fields as they were given', () => {
    const repository = withTeam();
    const metadata = signedBy({ ...made(repository, {}, 'a/1'), 'x-note': 'ours' } as Targets, ALICE, BOB);
    const { outcomes, revision } = repository.publish([setMetadata('team', metadata)]);
    expect(outcomes).toEqual([{ state: 'succeeded' }]);
    expect(revision?.targetsRoles.map(({ metadata: published }) => published)).toEqual([metadata]);
    expect(repository.placed()).toEqual(['team: a/1']);
  });

  test('takes the place of what waits, for all to see', () => {
    const repository = withTeam();
    repository.publish([add(artifact('a/2'))]);
    const metadata = signedBy(made(repository, {}, 'a/1'), ALICE, BOB);
    const { plan } = repository.publish([setMetadata('team', metadata)]);
    expect(plan.signingEvents).toMatchObject([{ role: 'team', state: 'superseded' }]);
    expect(repository.placed()).toEqual(['team: a/1']);
  });

  test.each<[string, (repository: MemoryRepository) => Change, string, RegExp]>([
    [
      'the version that is published',
      (repository) => setMetadata('team', signedBy(made(repository, { version: 1 }), ALICE, BOB)),
      'metadata-version-wrong',
      /signed\.version must be 2/,
    ],
    [
      'a version too far ahead',
      (repository) => setMetadata('team', signedBy(made(repository, { version: 3 }), ALICE, BOB)),
      'metadata-version-wrong',
      /signed\.version must be 2/,
    ],
    [
      'an expiry in the past',
      (repository) => setMetadata('team', signedBy(made(repository, { expires: '2026-03-01T11:59:59Z' }), ALICE, BOB)),
      'metadata-expired',
      /signed\.expires/,
    ],
    [
      'an expiry out of all proportion',
      (repository) => setMetadata('team', signedBy(made(repository, { expires: '2099-01-01T00:00:00Z' }), ALICE, BOB)),
      'metadata-expiry-absurd',
      /signed\.expires/,
    ],
    [
      'too few signatures',
      (repository) => setMetadata('team', signedBy(made(repository), ALICE)),
      'signatures-missing',
      /2 keys of role team/,
    ],
    [
      'the signature of a stranger',
      (repository) => setMetadata('team', signedBy(made(repository), ALICE, STRANGER)),
      'signature-foreign',
      /signatures\[1\]/,
    ],
    [
      'a signature over something else',
      (repository) =>
        setMetadata('team', {
          signed: made(repository),
          signatures: [signatureBy(ALICE, made(repository)), signatureBy(BOB, made(repository, { version: 9 }))],
        }),
      'signature-invalid',
      /signatures\[1\]/,
    ],
    [
      'a path that is not delegated to it',
      (repository) => setMetadata('team', signedBy(made(repository, {}, 'a/1', 'b/1'), ALICE, BOB)),
      'artifact-path-not-delegated',
      /lists b\/1, which is not delegated to role team/,
    ],
    [
      'a path below the directory that is delegated to it',
      (repository) => setMetadata('team', signedBy(made(repository, {}, 'a/b/1'), ALICE, BOB)),
      'artifact-path-not-delegated',
      /lists a\/b\/1/,
    ],
    [
      'two paths that clients would sort differently',
      (repository) => setMetadata('team', signedBy(made(repository, {}, 'a/f', 'a/f b'), ALICE, BOB)),
      'artifact-path-ambiguous',
      /a\/f and a\/f b/,
    ],
    [
      'a role below it that there is elsewhere',
      (repository) =>
        setMetadata('team', signedBy(made(repository, delegating(sub({ name: 'online' as RoleName }))), ALICE, BOB)),
      'role-exists',
      /online/,
    ],
    [
      'an unknown role',
      (repository) => setMetadata('stranger', signedBy(made(repository), ALICE)),
      'role-unknown',
      /stranger/,
    ],
    ['root', (repository) => setMetadata('root', signedBy(made(repository), ALICE)), 'role-unknown', /root/],
    [
      'a role that the service signs',
      (repository) => setMetadata('online', signedBy(repository.role('online'), ONLINE[0])),
      'role-signed-online',
      /role online is signed by this service/,
    ],
  ])('is refused with %s, and the refusal says so', (_name, change, code, detail) => {
    const repository = withTeam();
    const { outcomes, plan } = repository.publish([change(repository)]);
    expect(outcomes).toMatchObject([{ state: 'refused', refusal: { code } }]);
    expect(outcomes[0]?.refusal?.detail).toMatch(detail);
    expect(plan).toMatchObject({ content: null, signingEvents: [] });
  });

  test('is measured by the moment at which it arrives', () => {
    const repository = withTeam();
    const metadata = signedBy(made(repository, { expires: '2026-03-05T00:00:00Z' }), ALICE, BOB);
    repository.now = secondsAfter(NOW, DAY / 2);
    expect(repository.publish([setMetadata('team', metadata)]).outcomes).toEqual([{ state: 'succeeded' }]);
  });
});

describe('metadata that delegates further', () => {
  test('waits for a role below it that people have yet to sign', () => {
    const repository = withTeam();
    const { outcomes } = repository.publish([
      setMetadata('team', signedBy(made(repository, delegating(sub()), 'a/1'), ALICE, BOB)),
    ]);
    expect(outcomes).toMatchObject([
      { state: 'succeeded', missingSignatures: 0, otherSigningEvents: [repository.eventOf('sub').id] },
    ]);
    expect(repository.placed()).toEqual([]);
    repository.signEvent('sub', CAROL);
    expect(repository.placed()).toEqual(['team: a/1']);
    expect(repository.tree.delegatorOf('sub' as RoleName)).toBe('team');
  });

  test('is published at once with a role below it that the service signs', () => {
    const repository = withTeam();
    const role = sub({ keyids: [ONLINE[0].keyId] });
    const signed = made(repository, { delegations: { keys: keysField([ONLINE[0]]), roles: [role] } });
    repository.publish([setMetadata('team', signedBy(signed, ALICE, BOB))]);
    expect(repository.role('sub')).toMatchObject({ version: 1, targets: {} });
    repository.publish([add(artifact('a/s1'))]);
    expect(repository.placed()).toEqual(['sub: a/s1']);
  });

  test('ends what waits for a role that it does not delegate to any more', () => {
    const repository = withTeam();
    repository.publish([setMetadata('team', signedBy(made(repository, delegating(sub())), ALICE, BOB))]);
    repository.signEvent('sub', CAROL);
    repository.publish([add(artifact('a/s1'))]);
    const { delegations: _, ...without } = made(repository);
    const { plan } = repository.publish([setMetadata('team', signedBy(without as Targets, ALICE, BOB))]);
    expect(plan.signingEvents).toContainEqual(expect.objectContaining({ role: 'sub', state: 'superseded' }));
    expect(repository.openEvents).toEqual([]);
  });

  test('is refused where clients would find an artifact of a role that goes no more', () => {
    const repository = withTeam();
    repository.publish([setMetadata('team', signedBy(made(repository, delegating(sub())), ALICE, BOB))]);
    repository.signEvent('sub', CAROL);
    repository.publish([add(artifact('a/s1'))]);
    repository.signEvent('sub', CAROL);
    const { delegations: _, ...without } = made(repository);
    const { outcomes } = repository.publish([setMetadata('team', signedBy(without as Targets, ALICE, BOB))]);
    expect(outcomes).toMatchObject([{ state: 'refused', refusal: { code: 'artifacts-stranded' } }]);
  });
});

describe('metadata for what waits itself', () => {
  test('may be the first version of a role', () => {
    const repository = withOfflineTargets();
    repository.publish([addRole({ name: 'team', paths: ['a/*'], keys: [ALICE] })]);
    const { path, ...file } = artifact('a/1');
    const signed = { ...(repository.eventOf('team').metadata.signed as Targets), targets: { [path]: file } };
    const { outcomes } = repository.publish([setMetadata('team', signedBy(signed, ALICE))]);
    expect(outcomes).toMatchObject([{ missingSignatures: 0, otherSigningEvents: [repository.eventOf('targets').id] }]);
    repository.signEvent('targets', TARGETS_KEY);
    expect(repository.placed()).toEqual(['team: a/1']);
  });

  test('keeps what was handed over to roles that the service signs', () => {
    const repository = withOfflineTargets();
    repository.publish([add(artifact('a/1'))]);
    repository.signEvent('targets', TARGETS_KEY);
    repository.publish([addRole({ name: 'online', paths: ['a/*'], keys: [ONLINE[0]] })]);
    const waiting = repository.eventOf('targets').metadata.signed as Targets;
    repository.publish([
      setMetadata('targets', signedBy({ ...waiting, expires: '2027-01-01T00:00:00Z' }, TARGETS_KEY)),
    ]);
    expect(repository.placed()).toEqual(['online: a/1']);
  });

  test('may list what is delegated only once other signatures are there, and waits for them', () => {
    const repository = withOfflineTargets();
    const sign = (role: string, key: KeyPair) => repository.signEvent(role, key);
    repository.publish([addRole({ name: 'team', paths: ['a/*'], keys: [ALICE] })]);
    sign('targets', TARGETS_KEY);
    sign('team', ALICE);
    repository.publish([updateRole('team', { pathsOrPrefixes: { paths: patterns('a/*', 'b/*') } })]);
    const { outcomes } = repository.publish([setMetadata('team', signedBy(made(repository, {}, 'b/1'), ALICE))]);
    expect(outcomes).toMatchObject([{ state: 'succeeded', missingSignatures: 0 }]);
    expect(repository.placed()).toEqual([]);
    sign('targets', TARGETS_KEY);
    expect(repository.placed()).toEqual(['team: b/1']);
  });

  test('is from those whose keys the role is about to get', () => {
    const repository = withTeam();
    repository.publish([updateRole('team', { signers: signersOf([CAROL]) })]);
    const old = repository.publish([setMetadata('team', signedBy(made(repository), ALICE, BOB))]);
    expect(old.outcomes).toMatchObject([{ refusal: { code: 'signature-foreign' } }]);
    const next = repository.publish([setMetadata('team', signedBy(made(repository, {}, 'a/9'), CAROL))]);
    expect(next.outcomes).toEqual([{ state: 'succeeded' }]);
    expect(repository.placed()).toEqual(['team: a/9']);
  });
});
