import { gzipSync } from 'node:zlib';
import type { Artifact } from '../artifact.js';
import { canonicalJson } from '../canonical-json.js';
import { encodeMetadata } from '../encode-metadata.js';
import type { Bins } from '../hash-bins.js';
import type { SignedMetadata } from '../metadata.js';
import type { RoleName } from '../role-name.js';
import { parseSettings } from '../settings.js';
import { artifact } from '../testing/artifacts.js';
import { add, resign } from '../testing/changes.js';
import { newKeyPairs, signedBy } from '../testing/key-ring.js';
import { MemoryRepository } from '../testing/memory-repository.js';
import { rootOf } from '../testing/roots.js';
import { GZIP_LEAVES } from './compression.js';
import { artifactEntryBytes, metadataSizes, type RepositoryShape } from './metadata-sizes.js';

/** Paths and files of many lengths, as in a package index. */
function packages(count: number, more: Partial<Artifact> = {}): Artifact[] {
  return Array.from({ length: count }, (_, index) => {
    const name = 'abcdefghijklmnopqrstuvwxyz'.slice(0, 3 + (index % 23));
    const path = `packages/${name}/${index % 7}.${index % 31}/${name}-${index}-py3-none-any.whl`;
    return { ...artifact(path), length: 20_000 + ((index * 7_919) % 1_500_000), ...more };
  });
}

function shapeOf(artifacts: readonly Artifact[]): RepositoryShape['artifact'] {
  const mean = (bytes: (artifact: Artifact) => number) =>
    artifacts.reduce((sum, artifact) => sum + bytes(artifact), 0) / artifacts.length;
  const [first] = artifacts;
  return {
    pathBytes: Math.round(mean(({ path }) => Buffer.byteLength(path))),
    fileBytes: Math.round(mean(({ length }) => length)),
    sha512: first?.hashes.sha512 !== undefined,
    customBytes: Math.round(mean(({ custom }) => (custom ? canonicalJson(custom).length : 0))),
  };
}

interface Published {
  readonly repository: MemoryRepository;
  readonly sizes: { readonly [role: string]: number };
  readonly meanBin: number | null;
}

function publish(artifacts: readonly Artifact[], bins: Bins | null, onlineKeys: number, renewals: number): Published {
  const [first, ...others] = newKeyPairs(onlineKeys);
  const rootKeys = newKeyPairs(3);
  const online = first ? [first, ...others] : [];
  const repository = new MemoryRepository({ settings: parseSettings({ bins }), online });
  const root = rootOf({ rootKeys, threshold: 3, online });
  repository.publish([{ kind: 'set-root', root: signedBy(root, ...rootKeys) }]);
  for (let done = 0; done < renewals; done += 1) repository.publish([resign()]);
  repository.publish([add(...artifacts)]);
  const { published } = repository;
  if (!published) throw new Error('nothing is published');
  const sizes = [...(bins ? repository.bins() : [])].map((role) => {
    const metadata = published.delegated.get(role);
    return metadata ? encodeMetadata(metadata).length : 0;
  });
  return {
    repository,
    sizes: {
      root: encodeMetadata(published.root).length,
      timestamp: encodeMetadata(published.timestamp).length,
      snapshot: encodeMetadata(published.snapshot).length,
      targets: encodeMetadata(published.targets).length,
    },
    meanBin: bins && sizes.reduce((sum, bytes) => sum + bytes, 0) / bins.count,
  };
}

const within = (percent: number, predicted: number, real: number) =>
  Math.abs(predicted - real) <= (real * percent) / 100 ? 'agree' : `${predicted} is not ${real}`;

const SHA512 = { hashes: { sha256: 'a'.repeat(64), sha512: 'b'.repeat(128) } };
const CUSTOM = { custom: { build: { commit: '0123456789abcdef', number: 1_234 } } };

describe('the sizes of metadata are those of what is really published', () => {
  test.each<[string, number, Bins | null, Partial<Artifact>, number, number]>([
    ['no bins', 1_500, null, {}, 1, 0],
    ['2 bins', 3_000, { count: 2, kind: 'succinct' }, {}, 1, 0],
    ['16 bins that list nothing yet', 0, { count: 16, kind: 'succinct' }, {}, 1, 0],
    ['64 bins with custom', 4_000, { count: 64, kind: 'succinct' }, CUSTOM, 1, 0],
    ['64 classic bins with sha512', 4_000, { count: 64, kind: 'classic' }, SHA512, 1, 0],
    ['256 bins after twelve renewals', 6_000, { count: 256, kind: 'succinct' }, {}, 1, 12],
    ['256 classic bins, signed by two keys', 6_000, { count: 256, kind: 'classic' }, {}, 2, 0],
    ['4,096 bins', 8_000, { count: 4_096, kind: 'succinct' }, {}, 1, 0],
  ])('to within 1 %%: %s', (_, count, bins, more, onlineKeys, renewals) => {
    const artifacts = packages(count, more);
    const { repository, sizes, meanBin } = publish(artifacts, bins, onlineKeys, renewals);
    const meta = repository.published?.snapshot.signed.meta;
    const predicted = metadataSizes({
      artifacts: count,
      artifact: count > 0 ? shapeOf(artifacts) : { pathBytes: 60, fileBytes: 1, sha512: false, customBytes: 0 },
      bins,
      rootKeys: 3,
      onlineKeys,
      versions: {
        targets: meta?.get('targets.json')?.version ?? 0,
        bins: bins ? (meta?.get(`${repository.bins()[0]}.json`)?.version ?? 0) : 0,
        snapshot: repository.published?.snapshot.signed.version ?? 0,
        timestamp: repository.published?.timestamp.signed.version ?? 0,
      },
    });
    const compared = Object.entries(sizes).map(([role, real]) => [
      role,
      within(1, predicted[role as 'root' | 'targets'], real),
    ]);
    const all = [...compared, ...(meanBin === null ? [] : [['bins', within(1, predicted.bin ?? 0, meanBin)]])];
    expect(all.filter(([, result]) => result !== 'agree')).toEqual([]);
  });

  test('gzip leaves about as much of them as is reckoned with', () => {
    const { repository } = publish(packages(6_000), { count: 256, kind: 'succinct' }, 1, 30);
    const bin = repository.published?.delegated.get(repository.bins()[0] as RoleName);
    const left = (metadata: SignedMetadata | undefined) => {
      const bytes = metadata ? encodeMetadata(metadata) : new Uint8Array();
      return gzipSync(bytes, { level: 1 }).length / bytes.length; // as the service compresses
    };
    expect(left(repository.published?.snapshot) / GZIP_LEAVES.snapshot).toBeCloseTo(1, 0);
    expect(left(bin) / GZIP_LEAVES.listing).toBeCloseTo(1, 0);
  });

  test('counts a role whose length snapshot states', () => {
    const shape = { pathBytes: 60, fileBytes: 1_000_000, sha512: false, customBytes: 0 };
    const versions = { targets: 1, bins: 1, snapshot: 1, timestamp: 1 };
    const sizeWith = (artifacts: number) =>
      metadataSizes({ artifacts, artifact: shape, bins: null, rootKeys: 1, onlineKeys: 1, versions }).snapshot;
    expect(sizeWith(100_000) - sizeWith(1_000)).toBe(',"length":19000000'.length);
  });

  test('an artifact takes what its path, length and hashes take', () => {
    const shape = { pathBytes: 3, fileBytes: 10, sha512: false, customBytes: 7 };
    const entry = JSON.stringify({ 'a/b': { length: 10, hashes: { sha256: '0'.repeat(64) }, custom: { c: 0 } } });
    expect(artifactEntryBytes(shape)).toBe(entry.length - '{}'.length + ','.length);
  });
});
