import fc from 'fast-check';
import type { Artifact, ArtifactPath, TargetFile } from './artifact.js';
import type { ArtifactResult, Change } from './change.js';
import type { Root } from './metadata.js';
import type { Revision } from './metadata-file.js';
import type { RoleName } from './role-name.js';
import { parseSettings, type RepositorySettings } from './settings.js';
import { artifact } from './testing/artifacts.js';
import { type KeyPair, newKeyPair, newKeyPairs, signatureBy, signedBy } from './testing/key-ring.js';
import { MemoryRepository } from './testing/memory-repository.js';
import { assertAllFresh, assertVersionsRise, dueRoles, versionsOf } from './testing/observed-repository.js';
import { rootOf, secondsAfter } from './testing/roots.js';
import { Client, Served } from './testing/tuf-js-client.js';

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
