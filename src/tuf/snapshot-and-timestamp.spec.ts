import { canonicalJson } from './canonical-json.js';
import type { MetaFile, Targets, Timestamp } from './metadata.js';
import { fileName, filesInOrder, type MetadataFile, metadataFile, sha256Hex } from './metadata-file.js';
import { parseRoleName, ROOT, type RoleName, SNAPSHOT, TARGETS, TIMESTAMP } from './role-name.js';
import { parseSettings } from './settings.js';
import { nextSnapshot, nextTimestamp } from './snapshot-and-timestamp.js';
import { SnapshotEntries } from './snapshot-entries.js';
import { MemoryRepository } from './testing/memory-repository.js';
import { NOW } from './testing/roots.js';

const SETTINGS = parseSettings({});
const DAY = 86_400;

function targetsFile(name: string, version: number, note = ''): MetadataFile<Targets> {
  const signed: Targets = {
    _type: 'targets',
    spec_version: '1.0.34',
    version,
    expires: '2026-04-01T00:00:00Z',
    targets: {},
  };
  return metadataFile(parseRoleName(name), { signatures: [], signed: { ...signed, 'x-note': note } as Targets });
}

const FIRST = nextSnapshot(
  null,
  [targetsFile('bins-0', 1), targetsFile('bins-1', 1), targetsFile('targets', 1)],
  SETTINGS,
  NOW,
);

describe('the next snapshot', () => {
  test('obligation 8: the first lists targets and every delegated role by version', () => {
    expect({ ...FIRST, meta: FIRST.meta.toJSON() }).toEqual({
      _type: 'snapshot',
      spec_version: '1.0.34',
      version: 1,
      expires: '2026-03-08T12:00:00Z',
      meta: { 'bins-0.json': { version: 1 }, 'bins-1.json': { version: 1 }, 'targets.json': { version: 1 } },
    });
  });

  test('obligation 15: a name once in snapshot stays, with its version unless it has a new one', () => {
    const next = nextSnapshot(FIRST, [targetsFile('bins-1', 2)], SETTINGS, NOW);
    expect(next.version).toBe(2);
    expect(next.meta.toJSON()).toEqual({
      'bins-0.json': { version: 1 },
      'bins-1.json': { version: 2 },
      'targets.json': { version: 1 },
    });
  });

  test('obligation 15: renewed without new roles, it rises and lists the same', () => {
    const next = nextSnapshot(FIRST, [], SETTINGS, NOW);
    expect(JSON.parse(canonicalJson(next))).toEqual({ ...JSON.parse(canonicalJson(FIRST)), version: 2 });
  });

  test('obligation 1: unknown fields are preserved, of the role and of entries that stay', () => {
    const published = {
      ...FIRST,
      'x-a': 1,
      meta: SnapshotEntries.of({ ...FIRST.meta.toJSON(), 'bins-0.json': { version: 1, 'x-b': 2 } as MetaFile }),
    };
    const next = nextSnapshot(published, [targetsFile('bins-1', 2)], SETTINGS, NOW);
    expect(JSON.parse(canonicalJson(next))).toMatchObject({
      'x-a': 1,
      meta: { 'bins-0.json': { version: 1, 'x-b': 2 } },
    });
  });

  test.each([
    ['4,000,000 bytes', 4_000_000, false],
    ['4,000,001 bytes', 4_000_001, true],
  ])('states the length of a targets role only above 4 MB: %s', (_name, size, stated) => {
    const empty = targetsFile('targets', 1).bytes.length;
    const file = targetsFile('targets', 1, 'x'.repeat(size - empty));
    expect(file.bytes).toHaveLength(size);
    const entry = nextSnapshot(null, [file], SETTINGS, NOW).meta.get('targets.json');
    expect(entry).toEqual(stated ? { version: 1, length: size } : { version: 1 });
  });

  test('does not change what it is made from', () => {
    const before = canonicalJson(FIRST);
    nextSnapshot(FIRST, [targetsFile('bins-1', 2)], SETTINGS, NOW);
    expect(canonicalJson(FIRST)).toBe(before);
    expect(FIRST.meta.get('bins-1.json')).toEqual({ version: 1 });
  });
});

describe('the next timestamp', () => {
  const file = metadataFile(SNAPSHOT, { signatures: [], signed: FIRST });
  const first = nextTimestamp(null, file, SETTINGS, NOW);

  test('obligation 11: describes snapshot.json only, by version, length and sha256', () => {
    expect(first).toEqual({
      _type: 'timestamp',
      spec_version: '1.0.34',
      version: 1,
      expires: '2026-03-02T12:00:00Z',
      meta: { 'snapshot.json': { version: 1, length: file.bytes.length, hashes: { sha256: sha256Hex(file.bytes) } } },
    });
  });

  test('obligation 15: rises with every visible change', () => {
    const snapshot = metadataFile(SNAPSHOT, { signatures: [], signed: nextSnapshot(FIRST, [], SETTINGS, NOW) });
    const next = nextTimestamp(first, snapshot, SETTINGS, NOW);
    expect(next.version).toBe(2);
    expect(next.meta['snapshot.json'].version).toBe(2);
  });

  test('goes on pointing at the published snapshot when there is no new one', () => {
    expect(nextTimestamp(first, null, SETTINGS, NOW)).toEqual({ ...first, version: 2 });
  });

  test('obligation 1: unknown fields are preserved', () => {
    const published = { ...first, 'x-a': [1] } as Timestamp;
    expect(nextTimestamp(published, null, SETTINGS, NOW)).toMatchObject({ 'x-a': [1] });
  });

  test('takes its expiry from the settings', () => {
    const settings = parseSettings({ expiry: { timestamp: 2 * DAY } });
    expect(nextTimestamp(first, null, settings, NOW).expires).toBe('2026-03-03T12:00:00Z');
  });
});

describe('the files of a revision', () => {
  test.each<[RoleName, number, string]>([
    [ROOT, 1, '1.root.json'],
    [TARGETS, 12, '12.targets.json'],
    [parseRoleName('bins-0a'), 3, '3.bins-0a.json'],
    [SNAPSHOT, 7, '7.snapshot.json'],
    [TIMESTAMP, 9, 'timestamp.json'],
  ])('obligation 13: %s of version %i is served as %s', (role, version, name) => {
    expect(fileName(role, version)).toBe(name);
  });

  test('obligation 14: root first, then delegated roles, targets, snapshot, and timestamp last', () => {
    const { revision } = new MemoryRepository().publishFirst();
    const roles = filesInOrder(revision).map(({ role }) => role);
    expect(roles).toEqual(['root', 'bins-0', 'bins-1', 'bins-2', 'bins-3', 'targets', 'snapshot', 'timestamp']);
  });
});
