import type { PathLimit } from './path-limit.js';
import { type RepositoryLimit, reasonAgainstRepositoryLimit } from './repository-limit.js';
import { beyond, mayUseRepository, mayWriteArtifact, type Rights } from './rights.js';
import { grants, SCOPE_NAMES, type Scope } from './scope.js';

function rights(scopes: readonly Scope[], repositories: string[] | null = null, paths: string[] | null = null): Rights {
  return {
    scopes,
    repositories: repositories as RepositoryLimit[] | null,
    paths: paths as PathLimit[] | null,
  };
}

describe('scopes', () => {
  test('grant themselves, and admin grants each', () => {
    for (const scope of SCOPE_NAMES) {
      expect(grants([scope], scope)).toBe(true);
      expect(grants(['admin'], scope)).toBe(true);
      expect(grants([], scope)).toBe(false);
    }
  });

  test('that read grant nothing else; those that write grant no other writing', () => {
    for (const held of SCOPE_NAMES.filter((scope) => scope !== 'admin')) {
      const granted = SCOPE_NAMES.filter((wanted) => wanted !== held && grants([held], wanted));
      expect(granted.filter((scope) => !scope.endsWith(':read'))).toEqual([]);
      if (held.endsWith(':read')) expect(granted).toEqual([]);
    }
  });
});

describe('rights', () => {
  test.each<[string[] | null, string, boolean]>([
    [null, 'demo', true],
    [['demo'], 'demo', true],
    [['demo'], 'demo-2', false],
    [['team-a-*'], 'team-a-x', true],
    [['team-a-*'], 'team-ab', false],
    [['other', 'de*o'], 'demo', true],
  ])('limited to the repositories %j, for %s: %s', (repositories, name, expected) => {
    expect(mayUseRepository(rights(['admin'], repositories), name)).toBe(expected);
  });

  test.each(['', 'Demo', '-a', 'a-', 'a.b', 'a/b', 'a**', 'a'.repeat(64)])('%j is no limit of repositories', (text) => {
    expect(reasonAgainstRepositoryLimit(text)).toMatch(/name of a repository/);
  });

  test('to write an artifact need the scope and the path', () => {
    expect(mayWriteArtifact(rights(['artifacts:write'], null, ['a/**', 'b/*']), 'b/x')).toBe(true);
    expect(mayWriteArtifact(rights(['artifacts:write'], null, ['a/**', 'b/*']), 'c/x')).toBe(false);
    expect(mayWriteArtifact(rights(['artifacts:read']), 'a/x')).toBe(false);
    expect(mayWriteArtifact(rights(['admin']), 'a/x')).toBe(true);
  });

  const team = rights(['artifacts:write', 'tokens:write'], ['team-*'], ['team-a/**']);

  test.each<[string, Rights, string | null]>([
    ['the same', team, null],
    ['less of each', rights(['artifacts:write'], ['team-a'], ['team-a/x/*']), null],
    ['what a scope includes', rights(['artifacts:read', 'tasks:read'], ['team-a']), null],
    ['no paths where nothing is written', rights(['artifacts:read'], ['team-a']), null],
    ['another scope', rights(['roles:write'], ['team-a']), 'the scope roles:write'],
    ['everything', rights(['admin'], ['team-a'], ['team-a/**']), 'the scope admin'],
    ['every repository', rights(['tasks:read']), 'every repository'],
    ['another repository', rights(['tasks:read'], ['team-a', 'demo']), 'the repository demo'],
    ['a wider pattern', rights(['tasks:read'], ['*']), 'the repository *'],
    ['every path', rights(['artifacts:write'], ['team-a']), 'every path'],
    ['another path', rights(['artifacts:write'], ['team-a'], ['team-b/**']), 'the path team-b/**'],
  ])('of a team give away %s: %#', (_, inner, excess) => {
    expect(beyond(inner, team)).toBe(excess);
  });

  test('of an administrator go to anybody', () => {
    expect(beyond(team, rights(['admin']))).toBeNull();
  });
});
