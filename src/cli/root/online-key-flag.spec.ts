import { InvalidArgumentError } from 'commander';
import { gatherOnlineKeys, type OnlineKeyFlag, onlineKeyByRole } from './online-key-flag.js';

const gather = (...texts: string[]) =>
  texts.reduce<OnlineKeyFlag[] | undefined>((before, text) => gatherOnlineKeys(text, before), undefined) ?? [];
const keys = (...texts: string[]) =>
  Object.fromEntries([...onlineKeyByRole(gather(...texts))].map(([role, { key }]) => [role, key]));

describe('--online-key', () => {
  test.each([
    ['one role', ['timestamp=new'], { timestamp: 'new' }],
    ['all roles', ['all=new'], { targets: 'new', snapshot: 'new', timestamp: 'new' }],
    ['a file with an equals sign', ['targets=a=b.json'], { targets: 'a=b.json' }],
    [
      'one role otherwise than all, in any order',
      ['timestamp=t.json', 'all=new'],
      { targets: 'new', snapshot: 'new', timestamp: 't.json' },
    ],
    ['what was said last', ['timestamp=a.json', 'timestamp=b.json'], { timestamp: 'b.json' }],
  ])('names the key of %s', (_name, texts, expected) => {
    expect(keys(...texts)).toEqual(expected);
  });

  test.each(['timestamp', 'timestamp=', 'root=new', 'bins=new', '=new'])('refuses %s', (text) => {
    expect(() => gather(text)).toThrow(InvalidArgumentError);
  });
});
