import { metaFileName, parseRoleName, TARGETS } from './role-name.js';
import { refusal, refusalOf } from './testing/refusals.js';

describe('role names', () => {
  test.each(['a', 'targets', 'bins-0a', 'team_one', 'v1.2', '0a', 'a'.repeat(128)])('accepts %s', (name) => {
    expect(parseRoleName(name)).toBe(name);
  });

  test.each([
    ['nothing', ''],
    ['a capital', 'Team'],
    ['a slash', 'a/b'],
    ['a percent sign', 'a%2fb'],
    ['a space', 'a b'],
    ['a leading dot', '.a'],
    ['a trailing dot', 'a.'],
    ['a leading dash', '-a'],
    ['two dots in a row', 'a..b'],
    ['129 characters', 'a'.repeat(129)],
    ['a trailing newline', 'a\n'],
    ['a letter beyond ASCII', 'é'],
    ['a null byte', 'a\u0000b'],
    ['a number, which tuf-js would sort to the front', '10'],
  ])('refuses %s', (_name, text) => {
    expect(refusalOf(() => parseRoleName(text))).toBe('role-name-invalid');
  });

  test('names the field at fault', () => {
    expect(refusal(() => parseRoleName('A', 'roles[3]'))?.field).toBe('roles[3]');
  });

  test('a role stands in snapshot under its name and ".json"', () => {
    expect(metaFileName(TARGETS)).toBe('targets.json');
  });
});
