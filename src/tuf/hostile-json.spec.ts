import fc from 'fast-check';
import { parseArtifact } from './artifact.js';
import { canonicalJson } from './canonical-json.js';
import type { Targets } from './metadata.js';
import { parseRoot } from './parse-root.js';
import { parseForeignTargets, parseTargets } from './parse-targets.js';
import { keysField, newKeyPair, signedBy } from './testing/key-ring.js';
import { refusalOf } from './testing/refusals.js';

const pair = newKeyPair();
const byKey = { keyids: [pair.keyId], threshold: 1 };
const common = { spec_version: '1.0.34', version: 1, expires: '2030-01-01T00:00:00Z' };
const sha256 = 'a'.repeat(64);

const ROOT = signedBy(
  {
    _type: 'root' as const,
    ...common,
    consistent_snapshot: true,
    keys: keysField([pair]),
    roles: { root: byKey, targets: byKey, snapshot: byKey, timestamp: byKey },
  },
  pair,
);

const TARGETS = signedBy(
  {
    _type: 'targets' as const,
    ...common,
    targets: { 'app/a': { length: 1, hashes: { sha256 }, custom: { channel: 'stable' } } },
    delegations: {
      keys: keysField([pair]),
      roles: [{ name: 'team', ...byKey, terminating: false, paths: ['team/*'] }],
    },
  } as unknown as Targets,
  pair,
);

const ARTIFACT = { path: 'app/a', length: 1, hashes: { sha256 }, custom: { channel: 'stable' } };

const PARSERS: readonly (readonly [string, object, (value: unknown) => unknown])[] = [
  ['root', ROOT, (value) => parseRoot(value)],
  ['targets', TARGETS, (value) => parseTargets(value)],
  ['targets from elsewhere', TARGETS, (value) => parseForeignTargets(value)],
  ['an artifact', ARTIFACT, (value) => parseArtifact(value, 'artifact')],
];

/** What may stand where something else is expected; parsed from text, so that `__proto__` is a field of its own. */
const ODDITIES: readonly string[] = [
  ...['null', 'true', '""', '[]', '{}', '[[]]', '-1', '0', '1.5', '1e400', '9007199254740993', '-0'],
  ...['"__proto__"', '{"__proto__":{"admin":true}}', '{"constructor":{"prototype":{}}}', '{"toString":1,"length":1}'],
  ...['"\\u0000"', '"\\ud800"', '"\ud83d\udd11"', '"=cmd|calc"', '"../../etc/passwd"', '"%2e%2e%2f"'],
  `"${'x'.repeat(10_000)}"`,
  '['.repeat(5_000) + ']'.repeat(5_000),
];

type Path = readonly (string | number)[];

/** Everywhere in a value that something stands. */
function placesIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([name, member]) => placesIn(member, [...path, name]))];
}

function withAt(value: unknown, [first, ...rest]: Path, change: (at: unknown) => unknown): unknown {
  if (first === undefined) return change(value);
  const copy = structuredClone(value) as Record<string | number, unknown>;
  copy[first] = withAt(copy[first], rest, change);
  return copy;
}

describe.each(PARSERS)('%s', (_, valid, parse) => {
  test('is taken as it is', () => {
    expect(refusalOf(() => parse(structuredClone(valid)))).toBe('accepted');
  });

  test('with anything odd anywhere is taken or refused by name, and nothing else happens', () => {
    for (const place of placesIn(valid)) {
      for (const odd of ODDITIES) {
        const changed = withAt(valid, place, () => JSON.parse(odd));
        const isTaken = refusalOf(() => parse(changed)) === 'accepted';
        // What is taken can be signed: everybody agrees on its bytes.
        if (isTaken) expect([place, odd, refusalOf(() => canonicalJson(changed))]).toEqual([place, odd, 'accepted']);
      }
    }
    expect({}).not.toHaveProperty('admin');
  });

  test('that lacks something, anywhere, does as well', () => {
    for (const place of placesIn(valid).filter(({ length }) => length > 0)) {
      const name = place.at(-1) as string;
      const changed = withAt(valid, place.slice(0, -1), (at) => {
        if (Array.isArray(at)) return at.filter((_member, index) => `${index}` !== name);
        const { [name]: _gone, ...others } = at as Record<string, unknown>;
        return others;
      });
      refusalOf(() => parse(changed));
    }
  });

  test('that is any JSON at all does as well', () => {
    fc.assert(fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => void refusalOf(() => parse(value))));
    fc.assert(
      fc.property(fc.constantFrom(...placesIn(valid)), fc.jsonValue(), (place, value) => {
        refusalOf(() => parse(withAt(valid, place, () => value)));
      }),
    );
  });
});
