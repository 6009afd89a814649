import type { Targets } from '../../tuf/metadata.js';
import { withThreshold } from './edit-role.js';
import type { RoleAnswer } from './role-answer.js';
import { roleDifference } from './role-difference.js';
import { ANY_HASH, LAST_PLACE, type RoleFields } from './role-flags.js';
import { takesAway } from './takes-away.js';

const [A, B] = ['a'.repeat(64), 'b'.repeat(64)];

const ROLE: RoleAnswer = {
  name: 'team',
  version: 3,
  expires: '2027-03-01T12:00:00.000Z',
  renewedFrom: null,
  delegator: 'targets',
  keyIds: [A],
  onlineKeyIds: [],
  threshold: 1,
  paths: ['team/*', 'old/*'],
  pathHashPrefixes: null,
  terminating: false,
  position: 1,
  bins: null,
  lifetime: { expiry: 365 * 86_400, renewalWindow: 90 * 86_400 },
  signingEvent: null,
};

describe('an edit of a role', () => {
  test.each<[name: string, fields: RoleFields, changes: string[], isGrave: boolean]>([
    ['adds paths', { paths: ['team/*', 'old/*', 'new/*'] }, ['path new/* added'], false],
    ['takes paths away', { paths: ['team/*'] }, ['path old/* removed'], true],
    [
      'gives every path',
      { pathHashPrefixes: ANY_HASH },
      ['any path added', 'path team/* removed', 'path old/* removed'],
      true,
    ],
    ['has other keys sign', { keys: [B] }, [`key ${B} added`, `key ${A} removed`], true],
    [
      'changes the threshold',
      { keys: [A, B], threshold: 2 },
      [`key ${B} added`, 'threshold changes from 1 to 2'],
      true,
    ],
    [
      'moves it',
      { position: 0, terminating: true },
      ['it becomes terminating', 'number 1 among the roles of its delegator, not number 2'],
      false,
    ],
    [
      'moves it to the end',
      { position: LAST_PLACE },
      ['the last among the roles of its delegator, not number 2'],
      false,
    ],
    ['shortens its life', { expiry: { days: 30 } }, ['valid for 30 days, not 1 year'], false],
    [
      'says what is so already',
      { paths: ['team/*', 'old/*'], keys: [A], threshold: 1, terminating: false, position: 1, expiry: { days: 365 } },
      [],
      false,
    ],
  ])('%s', (_name, fields, changes, isGrave) => {
    expect(roleDifference(ROLE, fields)).toEqual({ changes, isGrave });
  });

  test('does not lower the threshold with other keys, unless it says so', () => {
    const before = { threshold: 2 };
    expect(withThreshold({ keys: [A, B] }, before)).toEqual({ keys: [A, B], threshold: 2 });
    expect(withThreshold({ keys: [A, B], threshold: 1 }, before)).toEqual({ keys: [A, B], threshold: 1 });
    expect(() => withThreshold({ keys: [A] }, before)).toThrow('the threshold is 2, more than there would be keys');
  });
});

describe('a version made elsewhere', () => {
  const targets = (paths: string[]): Targets => ({
    _type: 'targets',
    spec_version: '1.0.34',
    version: 1,
    expires: '2027-03-01T12:00:00Z',
    targets: Object.fromEntries(paths.map((path) => [path, { length: 1, hashes: { sha256: A } }])),
  });

  test('takes away what it does not list any more', () => {
    expect(takesAway(targets(['a']), targets(['a', 'b']))).toBe(false);
    expect(takesAway(targets(['a', 'b']), targets(['a']))).toBe(true);
  });
});
