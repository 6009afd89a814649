import { defaultConfig } from 'tuf-js/dist/config.js';
import { type ClientBurden, clientWarnings } from './client-warnings.js';
import { CLIENTS, clientsNamed, clientsReading } from './clients.js';

const LIGHT: ClientBurden = {
  bins: { count: 256, kind: 'succinct' },
  files: { root: 2_000, timestamp: 500, largestRole: 50_000 },
  rootVersion: 3,
};

describe('limits of clients', () => {
  test('are not crossed by a repository as it comes', () => {
    expect(clientWarnings(LIGHT, clientsReading('succinct'))).toEqual([]);
    expect(clientWarnings({ ...LIGHT, bins: { count: 256, kind: 'classic' } }, clientsReading('classic'))).toEqual([]);
    expect(clientWarnings({ ...LIGHT, bins: null }, CLIENTS)).toEqual([]);
  });

  test.each<[string, Partial<ClientBurden>, string, string[]]>([
    ['many bins', { bins: { count: 2_048, kind: 'succinct' } }, 'bins-slow', ['tuf-js']],
    [
      'a root beyond what php-tuf reads',
      { files: { ...LIGHT.files, root: 100_001 }, bins: null },
      'file-large',
      ['php-tuf'],
    ],
    [
      'a root beyond what most read',
      { files: { ...LIGHT.files, root: 512_001 } },
      'file-large',
      ['python-tuf', 'go-tuf', 'tuf-js'],
    ],
    [
      'a timestamp with a hundred signatures',
      { files: { ...LIGHT.files, timestamp: 16_385 } },
      'file-large',
      ['python-tuf', 'go-tuf', 'tuf-js'],
    ],
    [
      'a role of a megabyte, whose length is not stated',
      { files: { ...LIGHT.files, largestRole: 1_000_000 }, bins: { count: 2, kind: 'classic' } },
      'file-large',
      ['php-tuf'],
    ],
    ['more roots than a client takes', { rootVersion: 258 }, 'roots-many', ['python-tuf', 'go-tuf', 'tuf-js']],
  ])('are crossed by %s', (_, burden, code, names) => {
    const merged = { ...LIGHT, ...burden };
    const warnings = clientWarnings(merged, clientsReading(merged.bins?.kind ?? null));
    expect(warnings).toEqual([{ code, clients: names, detail: expect.any(String) }]);
  });

  test.each([
    ['256 roots after the first one', { rootVersion: 257 }],
    ['a role whose length snapshot states', { files: { ...LIGHT.files, largestRole: 50_000_000 }, bins: null }],
    ['1,024 bins', { bins: { count: 1_024, kind: 'succinct' as const } }],
  ])('are not crossed by %s', (_, burden) => {
    const merged = { ...LIGHT, ...burden };
    expect(clientWarnings(merged, clientsReading(merged.bins?.kind ?? null))).toEqual([]);
  });

  test('count only for the clients that matter, and those that cannot read such bins are told', () => {
    const classic = { ...LIGHT, bins: { count: 512, kind: 'classic' as const } };
    const warnings = clientWarnings(classic, clientsNamed(['go-tuf', 'tough']));
    expect(warnings.map(({ code, clients }) => [code, clients])).toEqual([
      ['bins-unreadable', ['go-tuf']],
      ['bins-slow', ['tough']],
    ]);
  });

  test('are those of tuf-js as it is installed', () => {
    const { rootMaxLength, timestampMaxLength, targetsMaxLength, maxRootRotations } = defaultConfig;
    const [tufJs] = clientsNamed(['tuf-js']);
    expect(tufJs?.bytesUnstated).toEqual({
      root: rootMaxLength,
      timestamp: timestampMaxLength,
      targets: targetsMaxLength,
    });
    expect(tufJs?.rootsAtOnce).toBe(maxRootRotations);
  });
});
