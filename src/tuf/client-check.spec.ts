import { assertClientAccepts } from './client-check.js';
import { roleForPath } from './delegation.js';
import type { MetaFile, Root, Signed, SignedMetadata, Snapshot, Targets, Timestamp } from './metadata.js';
import { type MetadataFile, metadataFile, type Revision, sha256Hex } from './metadata-file.js';
import type { PublishedMetadata } from './repository-state.js';
import { type RevisionContent, signersOf } from './revision.js';
import { parseRoleName, ROOT, type RoleName, SNAPSHOT, TARGETS, TIMESTAMP } from './role-name.js';
import { parseSettings } from './settings.js';
import { nextSnapshot, nextTimestamp } from './snapshot-and-timestamp.js';
import { SnapshotEntries } from './snapshot-entries.js';
import { artifact } from './testing/artifacts.js';
import { addRole } from './testing/changes.js';
import { type KeyPair, keysField, newKeyPair, newKeyPairs, signedBy } from './testing/key-ring.js';
import { MemoryRepository } from './testing/memory-repository.js';
import { refusal, refusalOf } from './testing/refusals.js';
import { NOW, rootOf, secondsAfter } from './testing/roots.js';

const BIN = 'bins-2' as RoleName;
const ONLINE = newKeyPairs(2);
const [ROOT_KEY, OTHER_ROOT_KEY, STRANGER] = newKeyPairs(3) as [KeyPair, KeyPair, KeyPair];
const PAST = '2026-03-01T12:00:00Z';

/** Two online keys, both of which targets and the bins ask for. */
const FIRST_ROOT: Root = (() => {
  const root = rootOf({ rootKeys: [ROOT_KEY, OTHER_ROOT_KEY], threshold: 2, online: ONLINE });
  return { ...root, roles: { ...root.roles, targets: { ...root.roles.targets, threshold: 2 } } };
})();

type Edits = { readonly [Role in 'bin' | 'targets']?: (signed: Targets) => object } & {
  readonly snapshot?: (signed: { readonly meta: Readonly<Record<string, MetaFile>> }) => object;
  readonly timestamp?: (signed: Timestamp) => object;
};

interface Case {
  readonly published: PublishedMetadata | null;
  readonly revision: Revision;
}

function published(kind: 'succinct' | 'classic' = 'succinct'): MemoryRepository {
  const repository = new MemoryRepository({ online: ONLINE, settings: parseSettings({ bins: { count: 4, kind } }) });
  repository.publish([{ kind: 'set-root', root: signedBy(FIRST_ROOT, ROOT_KEY, OTHER_ROOT_KEY) }]);
  return repository;
}

/** The next revision of a repository, a bin and targets in it, edited before it is signed from the bins up. */
function revised(edits: Edits = {}, repository = published()): Case {
  const { plan, state } = repository.plan([
    { kind: 'add-artifacts', artifacts: [artifact(pathIn(repository, BIN))] },
    { kind: 'resign', roles: [TARGETS, BIN] },
  ]);
  const { content } = plan;
  if (!content) throw new Error('there is a revision');
  const sign = <T extends Signed>(role: RoleName, signed: T, edited: object = {}) =>
    metadataFile(role, repository.signFor({ ...signed, ...edited }, signersOf(content, role)));
  const files = [...content.targetsRoles].map(([role, targets]) => {
    if ('signatures' in targets) throw new Error('nobody signs offline here');
    return sign(role, targets, edits[role === TARGETS ? 'targets' : 'bin']?.(targets));
  });
  const snapshot = nextSnapshot(state.published?.snapshot.signed ?? null, files, repository.settings, NOW);
  const snapshotFile = sign(SNAPSHOT, snapshot, edits.snapshot?.({ meta: snapshot.meta.toJSON() }));
  const timestamp = nextTimestamp(state.published?.timestamp.signed ?? null, snapshotFile, repository.settings, NOW);
  const timestampFile = sign(TIMESTAMP, timestamp, edits.timestamp?.(timestamp));
  return {
    published: state.published,
    revision: { root: null, targetsRoles: files, snapshot: snapshotFile, timestamp: timestampFile },
  };
}

/** A revision that renews timestamp alone. */
function timestampRenewed(edit: (signed: Timestamp) => object = () => ({}), at = NOW): Case {
  const repository = published();
  const before = repository.published;
  repository.now = at;
  const timestamp = nextTimestamp(before?.timestamp.signed ?? null, null, repository.settings, at);
  const edited = { ...timestamp, ...edit(timestamp) };
  const file = metadataFile(TIMESTAMP, repository.signFor(edited, FIRST_ROOT.roles.timestamp));
  return { published: before, revision: { root: null, targetsRoles: [], snapshot: null, timestamp: file } };
}

function firstRevision(edit: (revision: Revision) => Revision = (revision) => revision): Case {
  const repository = new MemoryRepository({ online: ONLINE });
  const change = { kind: 'set-root', root: signedBy(FIRST_ROOT, ROOT_KEY, OTHER_ROOT_KEY) } as const;
  const { content } = repository.plan([change]).plan;
  if (!content) throw new Error('there is a revision');
  return { published: null, revision: edit(repository.sign(content, { published: null })) };
}

/** A revision with a second root, signed by `signers`; nothing else is new but timestamp. */
function secondRoot(fields: Partial<Root>, signers: readonly KeyPair[], timestampSigners = ONLINE): Case {
  const { published: before, revision } = timestampRenewed();
  const root = { ...FIRST_ROOT, version: 2, ...fields };
  const timestamp = signedBy(revision.timestamp.metadata.signed, ...timestampSigners);
  return {
    published: before,
    revision: {
      ...revision,
      root: metadataFile(ROOT, signedBy(root, ...signers)),
      timestamp: metadataFile(TIMESTAMP, timestamp),
    },
  };
}

function pathIn(repository: MemoryRepository, bin: string): string {
  const delegations = repository.role(TARGETS).delegations;
  for (let number = 0; ; number += 1) if (roleForPath(delegations, `file-${number}`) === bin) return `file-${number}`;
}

/** The revision with one of its files replaced. */
function withFile(role: string, edit: (file: MetadataFile) => MetadataFile, given = revised()): Case {
  const { revision } = given;
  const replaced = <T extends Signed>(file: MetadataFile<T> | null) =>
    (file?.role === role ? edit(file) : file) as MetadataFile<T>;
  return {
    published: given.published,
    revision: {
      root: replaced(revision.root),
      targetsRoles: revision.targetsRoles.map(replaced),
      snapshot: replaced(revision.snapshot),
      timestamp: replaced(revision.timestamp),
    },
  };
}

const signedAgainBy =
  (...signers: readonly KeyPair[]) =>
  (file: MetadataFile) =>
    metadataFile(file.role, signedBy(file.metadata.signed, ...signers));
const withBytes = (bytes: string | Uint8Array) => (file: MetadataFile) => ({ ...file, bytes: Buffer.from(bytes) });
const flip = (file: MetadataFile) =>
  withBytes(
    Buffer.from(file.bytes)
      .toString()
      .replace(/"expires":"20../, '"expires":"2035'),
  )(file);

/** The bin's entry in snapshot changed, then all above it signed again. */
const binEntry = (entry: object) => revised({ snapshot: ({ meta }) => ({ meta: { ...meta, 'bins-2.json': entry } }) });

const listing = (path: string) => ({ targets: { [path]: { length: 0, hashes: { sha256: 'a'.repeat(64) } } } });

function judge({ published: before, revision }: Case, now = NOW): string {
  const error = refusal(() => assertClientAccepts(before, revision, now));
  return error ? `${error.field}: ${error.message.replace(/^a client would refuse [^:]*: /, '')}` : 'accepted';
}

describe('a client accepts', () => {
  test.each<[name: string, given: () => Case]>([
    ['a first revision', firstRevision],
    ['a revision of bins and targets', revised],
    ['a revision of classic bins', () => revised({}, published('classic'))],
    ['a renewed timestamp', timestampRenewed],
    ['a second root that the old and the new root keys signed', () => secondRoot({}, [ROOT_KEY, OTHER_ROOT_KEY])],
    ['metadata with unknown fields', () => revised({ bin: () => ({ 'x-a': 1 }), timestamp: () => ({ 'x-b': [] }) })],
    ['an additional signature of a stranger', () => withFile(TIMESTAMP, signedAgainBy(STRANGER, ...ONLINE))],
    [
      'a bin whose length and hash snapshot gives rightly',
      () => {
        const bin = revised().revision.targetsRoles[0] as MetadataFile;
        const entry = { version: 2, length: bin.bytes.length };
        return binEntry(entry);
      },
    ],
  ])('%s', (_name, given) => {
    expect(judge(given())).toBe('accepted');
  });
});

describe('a client refuses root', () => {
  const rotated = { ...FIRST_ROOT.roles, root: { keyids: [STRANGER.keyId], threshold: 1 } };
  const keys = { ...FIRST_ROOT.keys, ...keysField([STRANGER]) };

  test.each<[name: string, given: () => Case, reason: string]>([
    ['that there is none of', () => firstRevision((revision) => ({ ...revision, root: null })), 'there is none'],
    [
      'that one key too few signed',
      () => withFile(ROOT, signedAgainBy(ROOT_KEY), firstRevision()),
      'it lacks valid signatures of 2 of the keys trusted for it',
    ],
    [
      'that the old keys did not sign',
      () => secondRoot({ roles: rotated, keys }, [STRANGER]),
      'it lacks valid signatures of 2 of the keys trusted for it',
    ],
    [
      'that the new keys did not sign',
      () => secondRoot({ roles: rotated, keys }, [ROOT_KEY, OTHER_ROOT_KEY]),
      'it lacks valid signatures of 1 of the keys trusted for it',
    ],
    [
      'that skips a version',
      () => secondRoot({ version: 3 }, [ROOT_KEY, OTHER_ROOT_KEY]),
      'its version does not follow',
    ],
    [
      'that repeats a version',
      () => secondRoot({ version: 1 }, [ROOT_KEY, OTHER_ROOT_KEY]),
      'its version does not follow',
    ],
    ['that has expired', () => secondRoot({ expires: PAST }, [ROOT_KEY, OTHER_ROOT_KEY]), `it expired at ${PAST}`],
    [
      'that expired since it was published',
      () => timestampRenewed(undefined, secondsAfter(NOW, 400 * 86_400)),
      'it expired at 2027-03-01T12:00:00Z',
    ],
  ])('obligation 12: %s', (_name, given, reason) => {
    const now = _name.includes('since') ? secondsAfter(NOW, 400 * 86_400) : NOW;
    expect(judge(given(), now)).toBe(`root: ${reason}`);
  });

  test('obligation 7: that breaks a rule of its own', () => {
    const broken = firstRevision((revision) => {
      const root = { ...FIRST_ROOT, consistent_snapshot: false } as unknown as Root;
      return { ...revision, root: metadataFile(ROOT, signedBy(root, ROOT_KEY, OTHER_ROOT_KEY)) };
    });
    expect(judge(broken)).not.toBe('accepted');
  });

  test('obligation 12: accepts a rotation that the old and the new keys signed', () => {
    expect(judge(secondRoot({ roles: rotated, keys }, [STRANGER, ROOT_KEY, OTHER_ROOT_KEY]))).toBe('accepted');
  });

  // Spec 5.3.10: no length is stated for root, so that clients stop at their limit of 512,000 bytes.
  test('that is larger than clients read', () => {
    const large = { 'x-filler': 'x'.repeat(512_000) } as object;
    expect(judge(secondRoot(large, [ROOT_KEY, OTHER_ROOT_KEY]))).not.toBe('accepted');
  });
});

describe('a client refuses timestamp', () => {
  test.each<[name: string, given: () => Case, reason: string]>([
    ['15: that skips a version', () => revised({ timestamp: () => ({ version: 3 }) }), 'its version does not follow'],
    ['15: that repeats a version', () => revised({ timestamp: () => ({ version: 1 }) }), 'its version does not follow'],
    ['17: that has expired', () => revised({ timestamp: () => ({ expires: PAST }) }), `it expired at ${PAST}`],
    [
      '3: without signatures',
      () => withFile(TIMESTAMP, signedAgainBy()),
      'it lacks valid signatures of 1 of the keys trusted for it',
    ],
    [
      '3: signed by a stranger',
      () => withFile(TIMESTAMP, signedAgainBy(STRANGER)),
      'it lacks valid signatures of 1 of the keys trusted for it',
    ],
    [
      '3: whose bytes were changed',
      () => withFile(TIMESTAMP, flip),
      'it lacks valid signatures of 1 of the keys trusted for it',
    ],
    [
      '15: that names a snapshot ahead of its time',
      () => timestampRenewed(() => ({ meta: { 'snapshot.json': { version: 2 } } })),
      'it names a snapshot that does not exist',
    ],
  ])('obligation %s', (_name, given, reason) => {
    expect(judge(given())).toBe(`timestamp: ${reason}`);
  });

  test.each<[name: string, entry: (timestamp: Timestamp) => object]>([
    ['hash', () => ({ hashes: { sha256: 'a'.repeat(64) } })],
    ['length', () => ({ length: 1 })],
  ])('obligation 11: that gives another %s of the published snapshot', (_name, entry) => {
    const given = timestampRenewed((timestamp) => ({
      meta: { 'snapshot.json': { ...timestamp.meta['snapshot.json'], ...entry(timestamp) } },
    }));
    expect(judge(given)).not.toBe('accepted');
  });
});

describe('a client refuses snapshot', () => {
  const entry = (fields: object) => (timestamp: Timestamp) => ({
    meta: { 'snapshot.json': { ...timestamp.meta['snapshot.json'], ...fields } },
  });

  test.each<[name: string, given: () => Case, reason: string]>([
    [
      '11: of another version than timestamp says',
      () => revised({ timestamp: entry({ version: 3 }) }),
      'its referrer names another version',
    ],
    ['11: of another length', () => revised({ timestamp: entry({ length: 7 }) }), 'its referrer gives another length'],
    [
      '11: of another hash',
      () => revised({ timestamp: entry({ hashes: { sha256: sha256Hex(Buffer.from('x')) } }) }),
      'its referrer gives another hash',
    ],
    ['15: that skips a version', () => revised({ snapshot: () => ({ version: 3 }) }), 'its version does not follow'],
    ['15: that repeats a version', () => revised({ snapshot: () => ({ version: 1 }) }), 'its version does not follow'],
    ['17: that has expired', () => revised({ snapshot: () => ({ expires: PAST }) }), `it expired at ${PAST}`],
    [
      '15: that drops a role',
      () => revised({ snapshot: ({ meta: { 'bins-1.json': _, ...meta } }) => ({ meta }) }),
      'it drops bins-1.json',
    ],
    [
      '15: that takes a role back',
      () => revised({ snapshot: ({ meta }) => ({ meta: { ...meta, 'bins-1.json': { version: 0 } } }) }),
      'it takes bins-1.json back to version 0',
    ],
  ])('obligation %s', (_name, given, reason) => {
    expect(judge(given())).toBe(`snapshot: ${reason}`);
  });

  test('obligation 3: that strangers signed', () => {
    const stranger = newKeyPair();
    const repository = published();
    const snapshot = nextSnapshot(repository.published?.snapshot.signed ?? null, [], repository.settings, NOW);
    const file = metadataFile(SNAPSHOT, signedBy(snapshot, stranger));
    const timestamp = nextTimestamp(repository.published?.timestamp.signed ?? null, file, repository.settings, NOW);
    const revision = {
      root: null,
      targetsRoles: [],
      snapshot: file,
      timestamp: metadataFile(TIMESTAMP, signedBy(timestamp, ...ONLINE)),
    };
    expect(judge({ published: repository.published, revision })).toBe(
      'snapshot: it lacks valid signatures of 1 of the keys trusted for it',
    );
  });

  test('that expired while it went on being named', () => {
    const later = secondsAfter(NOW, 8 * 86_400);
    expect(judge(timestampRenewed(undefined, later), later)).toBe('snapshot: it expired at 2026-03-08T12:00:00Z');
  });

  test('obligation 8: that lacks targets or a bin from the first', () => {
    const without = (name: string) => {
      const repository = new MemoryRepository({ online: ONLINE });
      const root = signedBy(FIRST_ROOT, ROOT_KEY, OTHER_ROOT_KEY);
      const { content } = repository.plan([{ kind: 'set-root', root }]).plan as { content: RevisionContent };
      const revision = repository.sign(content, { published: null });
      const kept = [...(revision.snapshot?.metadata.signed.meta ?? [])].filter(([file]) => file !== name);
      const signed = {
        ...(revision.snapshot?.metadata.signed as Snapshot),
        meta: SnapshotEntries.of(Object.fromEntries(kept)),
      };
      const snapshot = metadataFile(SNAPSHOT, signedBy(signed, ...ONLINE));
      const timestamp = signedBy(nextTimestamp(null, snapshot, repository.settings, NOW), ...ONLINE);
      return judge({
        published: null,
        revision: { ...revision, snapshot, timestamp: metadataFile(TIMESTAMP, timestamp) },
      });
    };
    expect(without('targets.json')).toBe('snapshot: it does not list targets');
    expect(without('bins-3.json')).toBe('snapshot: it does not list the delegated role bins-3');
  });

  test('obligation 14: that names a version of a role that nobody made', () => {
    const given = revised({ snapshot: ({ meta }) => ({ meta: { ...meta, 'bins-1.json': { version: 2 } } }) });
    expect(judge(given)).not.toBe('accepted');
  });

  test('obligation 14: that names a role that nobody made', () => {
    const given = revised({ snapshot: ({ meta }) => ({ meta: { ...meta, 'stranger.json': { version: 1 } } }) });
    expect(judge(given)).not.toBe('accepted');
  });
});

describe.each([
  ['targets', 'targets' as const],
  ['bins-2', 'bin' as const],
])('a client refuses %s', (role, edited) => {
  const SHORT = 'it lacks valid signatures of 2 of the keys trusted for it';
  const entry = (fields: object) =>
    revised({ snapshot: ({ meta }) => ({ meta: { ...meta, [`${role}.json`]: { version: 2, ...fields } } }) });

  test.each<[name: string, given: () => Case, reason: string]>([
    ['15: that skips a version', () => revised({ [edited]: () => ({ version: 3 }) }), 'its version does not follow'],
    ['8: that repeats a version', () => revised({ [edited]: () => ({ version: 1 }) }), 'its version does not follow'],
    ['17: that has expired', () => revised({ [edited]: () => ({ expires: PAST }) }), `it expired at ${PAST}`],
    ['8: of another version than snapshot says', () => entry({ version: 3 }), 'its referrer names another version'],
    ['8: of another length', () => entry({ length: 7 }), 'its referrer gives another length'],
    ['8: of another hash', () => entry({ hashes: { sha256: 'a'.repeat(64) } }), 'its referrer gives another hash'],
    ['3: without signatures', () => withFile(role, signedAgainBy()), SHORT],
    ['7: signed by one key of two', () => withFile(role, signedAgainBy(ONLINE[0] as KeyPair)), SHORT],
    ['3: signed by strangers', () => withFile(role, signedAgainBy(STRANGER, ROOT_KEY)), SHORT],
    ['3: whose bytes were changed', () => withFile(role, flip), SHORT],
  ])('obligation %s', (_name, given, reason) => {
    expect(judge(given())).toBe(`${role}: ${reason}`);
  });

  // The bytes are what clients get: the object beside them proves nothing.
  test('obligation 15: whose bytes hold another version than snapshot says', () => {
    const given = revised();
    const file = given.revision.targetsRoles.find((each) => each.role === role) as MetadataFile;
    const later = metadataFile(file.role, signedBy({ ...file.metadata.signed, version: 9 }, ...ONLINE));
    expect(judge(withFile(role, withBytes(later.bytes), given))).not.toBe('accepted');
  });

  test.each([
    ['of another type', () => revised({ [edited]: () => ({ _type: 'snapshot' }) })],
    ['without a list of artifacts', () => revised({ [edited]: () => ({ targets: undefined }) })],
    ['with a list of artifacts that is none', () => revised({ [edited]: () => ({ targets: [] }) })],
    ['that is no JSON', () => withFile(role, withBytes('{'))],
    ['that is null', () => withFile(role, withBytes('null'))],
  ])('%s', (_name, given) => {
    const { published: before, revision } = given();
    expect(refusalOf(() => assertClientAccepts(before, revision, NOW))).toBe('client-would-refuse');
  });
});

describe('a client refuses a delegated role', () => {
  test.each(['succinct', 'classic'] as const)('obligation 10: that lists a path of another bin: %s bins', (kind) => {
    const repository = published(kind);
    const stray = pathIn(repository, 'bins-1');
    const given = revised({ bin: () => listing(stray) }, repository);
    expect(judge(given)).toBe(`bins-2: it lists ${stray}, which is not delegated to it`);
  });

  test.each(['succinct', 'classic'] as const)('obligation 19: to which nothing delegates: %s bins', (kind) => {
    const given = revised(
      { snapshot: ({ meta }) => ({ meta: { ...meta, 'stranger.json': { version: 1 } } }) },
      published(kind),
    );
    const signed = { ...(given.revision.targetsRoles[0]?.metadata.signed as Targets), version: 1, targets: {} };
    const stranger = metadataFile(parseRoleName('stranger'), signedBy(signed, ...ONLINE));
    const revision = { ...given.revision, targetsRoles: [stranger, ...given.revision.targetsRoles] };
    expect(judge({ published: given.published, revision })).toBe(
      'stranger: nothing delegates to it, or snapshot does not list it',
    );
  });

  test('obligation 19: whose keys the new targets no longer trusts', () => {
    const given = revised({
      targets: ({ delegations }) => ({
        delegations: {
          keys: keysField([STRANGER]),
          succinct_roles: { ...delegations?.succinct_roles, keyids: [STRANGER.keyId], threshold: 1 },
        },
      }),
    });
    expect(judge(given)).toBe('bins-2: it lacks valid signatures of 1 of the keys trusted for it');
  });

  test('targets that snapshot names, but that the revision does not bring', () => {
    const given = revised();
    const targetsRoles = given.revision.targetsRoles.filter(({ role }) => role !== TARGETS);
    expect(judge({ ...given, revision: { ...given.revision, targetsRoles } })).toBe(
      'snapshot: it names a targets version that does not exist',
    );
  });
});

/** The next revision of a repository with roles below roles, in which one file is other than it should be. */
function revisedTree(role: string, edit: (signed: Targets) => object, signers?: readonly KeyPair[]): Case {
  const repository = MemoryRepository.ready({ online: ONLINE, settings: parseSettings({ bins: null }) });
  const [keys] = [[ONLINE[0] as KeyPair]];
  repository.publish([
    addRole({ name: 'team', paths: ['a/*'], keys }),
    addRole({ name: 'sub', paths: ['a/s*'], keys, under: 'team' }),
    addRole({ name: 'last', paths: ['b/*', 'a/s*'], keys }),
  ]);
  const names = ['sub', 'team', 'last', TARGETS] as RoleName[];
  const { plan, state } = repository.plan([{ kind: 'resign', roles: names }]);
  const { content } = plan;
  if (!content) throw new Error('there is a revision');
  const targetsRoles = new Map(
    [...content.targetsRoles].map(([name, targets]) => [
      name,
      name === role ? { ...targets, ...edit(targets as Targets) } : targets,
    ]),
  ) as RevisionContent['targetsRoles'];
  const given = { published: state.published, revision: repository.sign({ ...content, targetsRoles }, state) };
  return signers ? withFile(role, signedAgainBy(...signers), given) : given;
}

describe('a client walks through roles below roles, and', () => {
  const as =
    (name: string, fields: object) =>
    ({ delegations }: Targets) => ({
      delegations: {
        ...delegations,
        roles: delegations?.roles?.map((each) => (each.name === name ? { ...each, ...fields } : each)),
      },
    });

  test.each<[name: string, given: () => Case, verdict: string]>([
    ['accepts what is as it should be', () => revisedTree('sub', () => ({})), 'accepted'],
    ['accepts a path in the role that is for it', () => revisedTree('sub', () => listing('a/s1')), 'accepted'],
    ['accepts a path in a role on the way', () => revisedTree('team', () => listing('a/s1')), 'accepted'],
    ['accepts a path in a role further back', () => revisedTree('last', () => listing('a/s1')), 'accepted'],
    [
      'refuses a path that its delegator may list, but not the role itself',
      () => revisedTree('sub', () => listing('a/1')),
      'sub: it lists a/1, which is not delegated to it',
    ],
    [
      'refuses a role that its delegator has others sign',
      () => revisedTree('team', as('sub', { keyids: [STRANGER.keyId] })),
      'sub: it lacks valid signatures of 1 of the keys trusted for it',
    ],
    [
      'refuses a role below one that is gone',
      () =>
        revisedTree(TARGETS, ({ delegations }) => ({
          delegations: { ...delegations, roles: delegations?.roles?.slice(1) },
        })),
      'sub: nothing delegates to it, or snapshot does not list it',
    ],
    [
      'refuses a path behind a terminating role',
      () => {
        const given = revisedTree('last', () => listing('a/s1'));
        return withFile(
          TARGETS,
          (file) =>
            metadataFile(
              file.role,
              signedBy(
                {
                  ...file.metadata.signed,
                  ...as('team', { terminating: true })(file.metadata.signed as Targets),
                } as Targets,
                ...ONLINE,
              ),
            ),
          given,
        );
      },
      'last: it lists a/s1, which is not delegated to it',
    ],
    [
      'refuses a role that strangers signed',
      () => revisedTree('sub', () => ({}), [STRANGER]),
      'sub: it lacks valid signatures of 1 of the keys trusted for it',
    ],
  ])('%s', (_name, given, verdict) => {
    expect(judge(given())).toBe(verdict);
  });
});

test.each([
  ['timestamp', { meta: {} }],
  ['timestamp', { meta: undefined }],
  ['snapshot', { meta: undefined }],
  ['snapshot', { meta: { 'targets.json': null } }],
])('a client refuses %s of a shape that it cannot read: %j', (role, fields) => {
  const { published: before, revision } = revised({ [role]: () => fields });
  expect(refusalOf(() => assertClientAccepts(before, revision, NOW))).toBe('client-would-refuse');
});

test('what is judged is what clients download: metadata signed as it is served', () => {
  const { revision } = revised();
  for (const file of revision.targetsRoles) {
    const served = JSON.parse(Buffer.from(file.bytes).toString()) as SignedMetadata;
    expect(served).toEqual(JSON.parse(JSON.stringify(file.metadata)));
  }
});

test.each<[kind: string, given: Case, at: Date]>([
  ['unsigned', withFile(TIMESTAMP, signedAgainBy(newKeyPair())), NOW],
  ['expired', timestampRenewed(() => ({}), secondsAfter(NOW, 20 * 365 * 86_400)), secondsAfter(NOW, 20 * 365 * 86_400)],
  ['broken', withFile(BIN, withBytes('{')), NOW],
])('a refusal says that it may pass, or that it does not: %s', (kind, { published: before, revision }, at) => {
  expect(refusal(() => assertClientAccepts(before, revision, at))).toMatchObject({ kind });
});
