import fc from 'fast-check';
import { TrustedMetadataStore } from 'tuf-js/dist/store.js';
import type { Artifact, ArtifactPath, TargetFile } from './artifact.js';
import type { ArtifactResult, Change } from './change.js';
import { isExpired, renewalDate } from './expiry.js';
import type { Root } from './metadata.js';
import { fileName, filesInOrder, type Revision } from './metadata-file.js';
import { type RoleName, SNAPSHOT, TARGETS, TIMESTAMP } from './role-name.js';
import { lifetimeOf, parseSettings, type RepositorySettings } from './settings.js';
import { artifact } from './testing/artifacts.js';
import { type KeyPair, newKeyPair, newKeyPairs, signatureBy, signedBy } from './testing/key-ring.js';
import { MemoryRepository } from './testing/memory-repository.js';
import { NOW, rootOf, secondsAfter } from './testing/roots.js';

const HOUR = 3_600;
const STRANGER = newKeyPair();
const ONLINE = newKeyPairs(2) as [KeyPair, KeyPair];
const ROOT_KEYS = newKeyPairs(3) as [KeyPair, KeyPair, KeyPair];

/** Among them names that objects inherit, numerals, and pairs that clients sort differently. */
const PATHS = [
  'a',
  'a b',
  'b/c',
  'b/c.txt',
  '10',
  '9',
  'dir/__proto__',
  'été',
  '\uffee',
  '\u{1f511}',
  'x/constructor',
  'z',
];

type Step =
  | { readonly kind: 'publish'; readonly requests: readonly Request[] }
  | { readonly kind: 'wait'; readonly seconds: number };
type Request =
  | { readonly kind: 'add'; readonly artifacts: readonly Artifact[] }
  | { readonly kind: 'remove'; readonly paths: readonly string[] }
  | { readonly kind: 'resign'; readonly role: string }
  | { readonly kind: 'set-root' | 'add-signature' }
  /** Another online key, another root key, or the same ones again. */
  | { readonly kind: 'rotate'; readonly online: 0 | 1; readonly rootKey: 0 | 1 | 2 };

const anArtifact = fc
  .tuple(
    fc.constantFrom(...PATHS),
    fc.constantFrom('1', '22', '333'),
    fc.option(fc.constantFrom({ n: 1 }, { n: [2, 'é'] })),
  )
  .map(([path, content, custom]) => artifact(path, content, custom ?? undefined));
const aRequest: fc.Arbitrary<Request> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('add' as const), artifacts: fc.array(anArtifact, { maxLength: 4 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('remove' as const),
      paths: fc.array(fc.constantFrom(...PATHS), { minLength: 1, maxLength: 3 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('resign' as const),
      role: fc.constantFrom('targets', 'snapshot', 'timestamp', 'bins-0', 'bins-1', 'stranger', 'root'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('set-root' as const, 'add-signature' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('rotate' as const),
      online: fc.constantFrom(0 as const, 1 as const),
      rootKey: fc.constantFrom(0 as const, 1 as const, 2 as const),
    }),
  },
);
const aStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('publish' as const), requests: fc.array(aRequest, { maxLength: 4 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), seconds: fc.integer({ min: 1, max: 2 * HOUR }) }),
  },
);

/** What is served: a versioned file never changes. */
class Served {
  readonly files = new Map<string, Buffer>();

  take(revision: Revision): void {
    for (const { role, metadata, bytes } of filesInOrder(revision)) {
      const name = fileName(role, metadata.signed.version);
      if (role !== TIMESTAMP && this.files.has(name)) throw new Error(`${name} is written again`);
      this.files.set(name, Buffer.from(bytes));
    }
  }

  get(name: string): Buffer {
    const bytes = this.files.get(name);
    if (!bytes) throw new Error(`404 ${name}`);
    return bytes;
  }
}

/** The metadata store of tuf-js, driven through the workflow of a client that may have been here before. */
class Client {
  private cached: { readonly timestamp: Buffer; readonly snapshot: Buffer } | null = null;
  private store: TrustedMetadataStore;

  constructor(private readonly served: Served) {
    this.store = this.newStore(NOW);
  }

  refresh(now: Date): void {
    this.store = this.newStore(now);
    this.recallTimestamp();
    const timestamp = this.served.get('timestamp.json');
    if (!this.cached?.timestamp.equals(timestamp)) this.store.updateTimestamp(timestamp);
    const snapshot = this.served.get(`${this.store.timestamp?.signed.snapshotMeta.version}.snapshot.json`);
    if (this.cached && !this.cached.snapshot.equals(snapshot)) this.rememberSnapshot(this.cached.snapshot);
    this.store.updateSnapshot(snapshot);
    this.load('targets', 'root');
    this.cached = { timestamp, snapshot };
  }

  targetFile(path: string): TargetFile | null {
    for (const { role } of this.store.targets?.signed.delegations?.rolesForTarget(path) ?? []) {
      if (!this.store.getRole(role)) this.load(role, 'targets');
      const file = this.store.getRole(role)?.signed.targets[path];
      if (file) return JSON.parse(JSON.stringify(file.toJSON())) as TargetFile;
    }
    return null;
  }

  private load(role: string, delegator: string): void {
    const version = this.store.snapshot?.signed.meta[`${role}.json`]?.version;
    this.store.updateDelegatedTargets(this.served.get(`${version}.${role}.json`), role, delegator);
  }

  // As tuf-js does: what the keys of a newer root did not sign is forgotten.
  private recallTimestamp(): void {
    try {
      if (this.cached) this.store.updateTimestamp(this.cached.timestamp);
    } catch (error) {
      expect(String(error)).toContain('timestamp was signed by 0/1 keys');
      this.cached = null;
    }
  }

  // As tuf-js does: an older snapshot is trusted for what it lists, then refused as out of date.
  private rememberSnapshot(snapshot: Buffer): void {
    expect(() => this.store.updateSnapshot(snapshot, true)).toThrow(/match timestamp|expired/);
  }

  private newStore(now: Date): TrustedMetadataStore {
    const store = new TrustedMetadataStore(this.served.get('1.root.json'));
    Object.assign(store, { referenceTime: now });
    for (let version = 2; this.served.files.has(`${version}.root.json`); version += 1) {
      store.updateRoot(this.served.get(`${version}.root.json`));
    }
    return store;
  }
}

/** What should be listed, worked out from the requests alone. */
class Expected {
  listed = new Map<string, TargetFile>();

  /** Follows a burst and compares its outcomes; only a path that clients could not sort may be refused otherwise. */
  follow(requests: readonly Request[], outcomes: readonly { readonly artifacts?: readonly ArtifactResult[] }[]): void {
    requests.forEach((request, index) => {
      const results = outcomes[index]?.artifacts ?? [];
      if (request.kind === 'add') this.add(request.artifacts, results);
      if (request.kind === 'remove') this.remove(request.paths, results);
    });
  }

  private add(artifacts: readonly Artifact[], results: readonly ArtifactResult[]): void {
    expect(results.map(({ path }) => path)).toEqual(artifacts.map(({ path }) => path));
    artifacts.forEach(({ path, ...file }, index) => {
      const result = results[index];
      if (result?.result === 'refused' && result.code === 'artifact-path-ambiguous') return;
      const before = this.listed.get(path);
      const isSame = before !== undefined && JSON.stringify(before) === JSON.stringify(file);
      expect(result?.result).toBe(isSame ? 'unchanged' : before ? 'replaced' : 'added');
      this.listed.set(path, file);
    });
  }

  private remove(paths: readonly string[], results: readonly ArtifactResult[]): void {
    paths.forEach((path, index) => {
      expect(results[index]).toMatchObject({ path, result: this.listed.delete(path) ? 'removed' : 'refused' });
    });
  }
}

function changeOf(request: Request, inForce: Root): Change {
  switch (request.kind) {
    case 'add':
      return { kind: 'add-artifacts', artifacts: request.artifacts };
    case 'remove':
      return { kind: 'remove-artifacts', paths: request.paths as ArtifactPath[] };
    case 'resign':
      return { kind: 'resign', roles: [request.role as RoleName] };
    case 'set-root': {
      const root = rootOf({ rootKeys: [STRANGER], online: ONLINE });
      return { kind: 'set-root', root: signedBy(root, STRANGER) };
    }
    case 'add-signature':
      return { kind: 'add-signature', signingEvent: 'task-1', signature: signatureBy(STRANGER, {}) };
    case 'rotate':
      return rotation(inForce, ROOT_KEYS[request.rootKey], ONLINE[request.online]);
    default:
      return request satisfies never;
  }
}

function rotation(inForce: Root, rootKey: KeyPair, online: KeyPair): Change {
  const next = { ...rootOf({ rootKeys: [rootKey], online: [online] }), version: inForce.version + 1 };
  const before = ROOT_KEYS.filter(({ keyId }) => inForce.roles.root.keyids.includes(keyId));
  return { kind: 'set-root', root: signedBy(next, ...new Set([...before, rootKey])) };
}

/** The roles inside their renewal window. */
function dueRoles({ published, settings, now }: MemoryRepository): RoleName[] {
  if (!published) return [];
  const { targets, snapshot, timestamp, delegated } = published;
  const roles = [...delegated, [TARGETS, targets], [SNAPSHOT, snapshot], [TIMESTAMP, timestamp]] as const;
  return roles
    .filter(([role, { signed }]) => renewalDate(signed.expires, lifetimeOf(settings, role)) <= now)
    .map(([role]) => role);
}

function versionsOf({ published }: MemoryRepository): Map<string, number> {
  const listed = Object.entries(published?.snapshot.signed.meta ?? {}).map(
    ([name, { version }]) => [name, version] as const,
  );
  return new Map([
    ...listed,
    ['snapshot.json', published?.snapshot.signed.version ?? 0],
    ['timestamp.json', published?.timestamp.signed.version ?? 0],
  ]);
}

function assertVersionsRise(before: Map<string, number>, after: Map<string, number>, isPublished: boolean): void {
  for (const [name, version] of before) {
    const next = after.get(name);
    if (next === undefined) throw new Error(`${name} was dropped`);
    expect(next - version === 0 || next - version === 1).toBe(true);
  }
  const rises = (after.get('timestamp.json') ?? 0) - (before.get('timestamp.json') ?? 0);
  expect(rises).toBe(isPublished ? 1 : 0);
  const isAnyRisen = [...before].some(([name, version]) => name !== 'timestamp.json' && after.get(name) !== version);
  if (isAnyRisen) expect(rises).toBe(1);
}

function assertAllFresh({ published, now }: MemoryRepository): void {
  const { root, targets, snapshot, timestamp, delegated } = published ?? {};
  for (const metadata of [root, targets, snapshot, timestamp, ...(delegated?.values() ?? [])]) {
    expect(metadata && isExpired(metadata.signed, now)).toBe(false);
  }
}

function live(settings: RepositorySettings, steps: readonly Step[]): void {
  const repository = new MemoryRepository({ settings, online: ONLINE });
  const served = new Served();
  const first = rootOf({ rootKeys: [ROOT_KEYS[0]], online: [ONLINE[0]] });
  served.take(published(repository.publish([{ kind: 'set-root', root: signedBy(first, ROOT_KEYS[0]) }]).revision));
  const expected = new Expected();
  const regular = new Client(served);
  for (const step of steps) {
    if (step.kind === 'wait') repository.now = secondsAfter(repository.now, step.seconds);
    let waiting = step.kind === 'publish' ? step.requests : [];
    do {
      const settled = publishOnce(repository, served, waiting, expected);
      waiting = waiting.slice(settled);
      assertAllFresh(repository);
      for (const client of [regular, new Client(served)]) {
        client.refresh(repository.now);
        for (const path of PATHS) expect(client.targetFile(path)).toEqual(expected.listed.get(path) ?? null);
      }
    } while (waiting.length > 0);
  }
}

/** One run of the publisher; what it leaves waiting is for the next one. */
function publishOnce(
  repository: MemoryRepository,
  served: Served,
  requests: readonly Request[],
  expected: Expected,
): number {
  const before = versionsOf(repository);
  const inForce = repository.published?.root.signed as Root;
  const changes = requests.map((request) => changeOf(request, inForce));
  const { outcomes, revision } = repository.publish(changes, dueRoles(repository));
  if (revision) served.take(revision);
  const settled = requests.slice(0, outcomes.length);
  expected.follow(settled, outcomes);
  settled.forEach(({ kind }, index) => {
    if (kind === 'rotate') expect(outcomes[index]).toEqual({ state: 'succeeded' });
  });
  expect(repository.listed()).toEqual(expected.listed);
  assertVersionsRise(before, versionsOf(repository), revision !== null);
  return settled.length;
}

function published(revision: Revision | null): Revision {
  if (!revision) throw new Error('a first root makes a revision');
  return revision;
}

describe('whatever is asked of a repository, in whatever order', () => {
  const lifetimes = { expiry: { targets: 20 * HOUR, bins: 16 * HOUR, snapshot: 12 * HOUR, timestamp: 10 * HOUR } };

  test.each([
    [2, 'succinct', 30],
    [4, 'classic', 30],
    [16, 'succinct', 15],
  ] as const)('tuf-js accepts every revision and finds what was added: %i %s bins', (count, kind, numRuns) => {
    const settings = parseSettings({ bins: { count, kind }, ...lifetimes });
    fc.assert(
      fc.property(fc.array(aStep, { minLength: 5, maxLength: 25 }), (steps) => live(settings, steps)),
      { numRuns },
    );
  });
});
