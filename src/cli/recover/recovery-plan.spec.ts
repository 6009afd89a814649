import { type KeysGone, type RoleAtRisk, recoveryPlan } from './recovery-plan.js';

const role = (
  name: string,
  kind: RoleAtRisk['kind'],
  keyIds: string[],
  more: Partial<RoleAtRisk> = {},
): RoleAtRisk => ({
  name,
  kind,
  keyIds,
  onlineKeyIds: kind === 'root' || kind === 'delegated' ? [] : keyIds,
  threshold: 1,
  ...more,
});

const ROLES: RoleAtRisk[] = [
  role('root', 'root', ['root-a', 'root-b', 'root-c'], { threshold: 2 }),
  role('targets', 'top-level', ['online']),
  role('snapshot', 'top-level', ['online']),
  role('timestamp', 'top-level', ['stamp']),
  role('bins of targets', 'bins', ['online'], { bins: { delegator: 'targets', count: 16, kind: 'succinct' } }),
  role('team', 'delegated', ['team-a', 'team-b'], { threshold: 2 }),
  role('bins of team', 'bins', ['other'], { bins: { delegator: 'team', count: 4, kind: 'classic' } }),
];

const plan = (gone: Partial<KeysGone>) =>
  recoveryPlan('demo', ROLES, { stolen: [], lost: [], rootTaken: false, ...gone });
const commands = (gone: Partial<KeysGone>) => plan(gone).steps.flatMap((step) => step.commands);

describe('recovery', () => {
  test.each<[name: string, gone: Partial<KeysGone>, dangers: Record<string, RegExp>, expected: RegExp[]]>([
    [
      'of the timestamp key',
      { stolen: ['stamp'] },
      { timestamp: /freeze clients/ },
      [/^trs root edit --repository demo --online-key timestamp=new$/],
    ],
    [
      'of the key that signs targets, its bins and snapshot',
      { stolen: ['online'] },
      { targets: /sign any artifact/, snapshot: /nothing alone/, 'bins of targets': /any artifact of these bins/ },
      [/--online-key targets=new --online-key snapshot=new$/, /^trs artifact list/],
    ],
    [
      'of one root key of two',
      { stolen: ['root-a'] },
      { root: /nothing yet: it takes 1 more/ },
      [/^trs key generate --out new-root-1.pem$/, /--remove-root-key root-a --add-root-key new-root-1.pem.pub.json$/],
    ],
    [
      'of one key of a team',
      { lost: ['team-b'] },
      { team: /nobody else can sign/ },
      [/^trs role edit team --repository demo --key team-a --key NEW.pub.json --threshold 2$/],
    ],
    [
      'of a key that only bins have',
      { stolen: ['other'] },
      { 'bins of team': /any artifact/ },
      [/^trs role bins set team --repository demo --count 4 --kind classic --key NEW-KEY-ID$/],
    ],
  ])('%s', (_name, gone, dangers, expected) => {
    const { findings, isOutOfBand } = plan(gone);
    expect(isOutOfBand).toBe(false);
    expect(findings.map((finding) => finding.role)).toEqual(Object.keys(dangers));
    for (const { role: name, danger } of findings) expect(danger).toMatch(dangers[name] as RegExp);
    for (const pattern of expected) expect(commands(gone)).toContainEqual(expect.stringMatching(pattern));
    expect(commands(gone)).toContainEqual('trs sign --repository demo --key FILE');
  });

  test('of so many root keys that the threshold is stolen is a race', () => {
    const { findings, steps } = plan({ stolen: ['root-a', 'root-b'] });
    expect(findings[0]?.danger).toMatch(/everything/);
    expect(steps[1]?.what).toMatch(/before the thief does/);
  });

  test.each<[name: string, gone: Partial<KeysGone>, word: RegExp]>([
    ['the threshold of root cannot be reached any more', { lost: ['root-a', 'root-b'] }, /1 of its keys is left/],
    ['the root of the thief is out', { stolen: ['root-a', 'root-b'], rootTaken: true }, /root of the thief/],
  ])('needs another way to the clients when %s', (_name, gone, word) => {
    const { isOutOfBand, steps } = plan(gone);
    expect(isOutOfBand).toBe(true);
    expect(steps[0]?.what).toMatch(word);
    expect(steps.at(-1)?.what).toMatch(/by another way/);
  });

  test('is not needed for keys that sign nothing', () => {
    expect(plan({ stolen: ['stranger'] }).findings).toEqual([]);
  });
});
