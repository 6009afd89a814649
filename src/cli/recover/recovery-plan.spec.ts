import { recoveryPlan } from './recovery-plan.js';
import type { KeysGone, RoleAtRisk } from './role-at-risk.js';

type Kind = RoleAtRisk['kind'];

function role(name: string, kind: Kind, keyIds: string[], more: Partial<RoleAtRisk> = {}): RoleAtRisk {
  const onlineKeyIds = kind === 'root' || kind === 'delegated' ? [] : keyIds;
  const delegator = kind === 'root' ? null : kind === 'top-level' ? 'root' : 'targets';
  return { name, kind, delegator, keyIds, onlineKeyIds, threshold: 1, expires: '2027-01-01T00:00:00Z', ...more };
}

const ROLES: RoleAtRisk[] = [
  role('root', 'root', ['root-a', 'root-b', 'root-c'], { threshold: 2 }),
  role('targets', 'top-level', ['online']),
  role('snapshot', 'top-level', ['online']),
  role('timestamp', 'top-level', ['stamp']),
  role('bins of targets', 'bins', ['online'], { bins: { count: 16, kind: 'succinct' } }),
  role('team', 'delegated', ['team-a', 'team-b'], { threshold: 2 }),
  role('mirror', 'delegated', ['online'], { onlineKeyIds: ['online'] }),
  role('nightly', 'delegated', ['night'], { onlineKeyIds: ['night'] }),
  role('team-sub', 'delegated', ['online'], { onlineKeyIds: ['online'], delegator: 'team' }),
  role('bins of team', 'bins', ['other'], { delegator: 'team', bins: { count: 4, kind: 'classic' } }),
];

/** Targets is signed by two people; its bins by the service. */
const PEOPLE = ROLES.map((known) =>
  known.name === 'targets' ? role('targets', 'top-level', ['ann', 'ben'], { threshold: 2, onlineKeyIds: [] }) : known,
);

const NOTHING: KeysGone = { stolen: [], lost: [], rootTaken: false };
const plan = (gone: Partial<KeysGone>, roles = ROLES) => recoveryPlan('demo', roles, { ...NOTHING, ...gone });
const commands = (gone: Partial<KeysGone>, roles = ROLES) => plan(gone, roles).steps.flatMap((step) => step.commands);

interface Case {
  readonly gone: Partial<KeysGone>;
  readonly roles?: RoleAtRisk[];
  readonly dangers: Record<string, RegExp>;
  /** All of them, in this order; what to look at afterwards left out. */
  readonly commands: string[];
}

const LOOK = /^trs (?:artifact|role list|event list)/;
const SIGN = 'trs sign EVENT-ID --repository demo --key FILE';

const CASES: Record<string, Case> = {
  'the timestamp key, stolen': {
    gone: { stolen: ['stamp'] },
    dangers: { timestamp: /^freeze clients .* more only with snapshot$/ },
    commands: ['trs root edit --repository demo --online-key timestamp=new', SIGN],
  },
  'the key of targets, snapshot and bins, stolen': {
    gone: { stolen: ['online'] },
    dangers: {
      targets: /^delegate to anybody.*only with timestamp, whose keys are not stolen$/,
      snapshot: /^nothing alone/,
      'bins of targets': /^sign any artifact of these bins; clients take it only with timestamp/,
      mirror: /^sign any artifact of the paths/,
      'team-sub': /^sign any artifact of the paths/,
    },
    commands: [
      'trs root edit --repository demo --online-key targets=new --online-key snapshot=new',
      'trs key online --name "demo team-sub 1" --out new-team-sub-1.pem.pub.json',
      'trs role edit team-sub --repository demo --key new-team-sub-1.pem.pub.json --threshold 1',
      SIGN,
    ],
  },
  'the key of snapshot, and that of timestamp, stolen': {
    gone: { stolen: ['online', 'stamp'] },
    dangers: {
      targets: /, and hand it to clients, for the keys of snapshot and timestamp are stolen, too$/,
      snapshot: /^with snapshot and timestamp: freeze .* run versions ahead$/,
      timestamp: /^with snapshot and timestamp/,
      'bins of targets': /, and hand it to clients/,
      mirror: /, and hand it to clients/,
      'team-sub': /, and hand it to clients/,
    },
    commands: [
      'trs root edit --repository demo --online-key targets=new --online-key snapshot=new --online-key timestamp=new',
      'trs key online --name "demo team-sub 1" --out new-team-sub-1.pem.pub.json',
      'trs role edit team-sub --repository demo --key new-team-sub-1.pem.pub.json --threshold 1',
      SIGN,
    ],
  },
  'an online key, lost': {
    gone: { lost: ['stamp'] },
    dangers: { timestamp: /^nobody else can sign/ },
    commands: ['trs root edit --repository demo --online-key timestamp=new', SIGN],
  },
  'one root key, stolen': {
    gone: { stolen: ['root-a'] },
    dangers: { root: /^nothing yet: it takes 1 more/ },
    commands: [
      'trs key generate --out new-root-1.pem',
      'trs root edit --repository demo --remove-root-key root-a --add-root-key new-root-1.pem.pub.json',
      SIGN,
    ],
  },
  'one key of the people who sign targets, lost': {
    gone: { lost: ['ben'] },
    roles: PEOPLE,
    dangers: { targets: /^nobody else can sign/ },
    commands: [
      'trs key generate --out new-targets-1.pem',
      'trs root edit --repository demo --targets-key ann --targets-key new-targets-1.pem.pub.json --targets-threshold 2',
      SIGN,
    ],
  },
  'the key of bins below people, stolen': {
    gone: { stolen: ['online'] },
    roles: PEOPLE.filter(({ kind }) => kind !== 'delegated'),
    dangers: { snapshot: /^nothing alone/, 'bins of targets': /^sign any artifact/ },
    commands: [
      'trs root edit --repository demo --online-key snapshot=new',
      'trs key online --name "demo targets-bins 1" --out new-targets-bins-1.pem.pub.json',
      'trs role bins set targets --repository demo --key new-targets-bins-1.pem.pub.json --threshold 1',
      SIGN,
    ],
  },
  'one key of a team, lost': {
    gone: { lost: ['team-b'] },
    dangers: { team: /^nobody else can sign/ },
    commands: [
      'trs key generate --out new-team-1.pem',
      'trs role edit team --repository demo --key team-a --key new-team-1.pem.pub.json --threshold 2',
      SIGN,
    ],
  },
  'a delegated role that the service signs with a key of its own': {
    gone: { stolen: ['night'] },
    dangers: {
      nightly: /^sign any artifact of the paths of this role; clients take it only with snapshot and timestamp/,
    },
    commands: [
      'trs key online --name "demo nightly 1" --out new-nightly-1.pem.pub.json',
      'trs role edit nightly --repository demo --key new-nightly-1.pem.pub.json --threshold 1',
    ],
  },
  'a key that only bins have': {
    gone: { stolen: ['other'] },
    dangers: { 'bins of team': /^sign any artifact of these bins/ },
    commands: [
      'trs key online --name "demo team-bins 1" --out new-team-bins-1.pem.pub.json',
      'trs role bins set team --repository demo --key new-team-bins-1.pem.pub.json --threshold 1',
      SIGN,
    ],
  },
  'keys that sign nothing': { gone: { stolen: ['stranger'] }, dangers: {}, commands: [] },
};

describe('recovery', () => {
  test.each(Object.entries(CASES))('from %s', (_name, { gone, roles = ROLES, dangers, commands: expected }) => {
    const { findings, isOutOfBand } = plan(gone, roles);
    expect(isOutOfBand).toBe(false);
    expect(findings.map((finding) => finding.role)).toEqual(Object.keys(dangers));
    for (const { role: name, danger } of findings) expect(danger).toMatch(dangers[name] as RegExp);
    expect(commands(gone, roles).filter((command) => !LOOK.test(command))).toEqual(expected);
  });

  test('has an intruder shut out first, and artifacts looked through last', () => {
    const { steps } = plan({ stolen: ['online'] });
    expect(steps[0]).toMatchObject({ what: expect.stringContaining('shut the intruder out'), commands: [] });
    expect(steps.at(-1)?.what).toMatch(/^Compare what targets, bins of targets, mirror, team-sub published meanwhile/);
    expect(steps[1]?.what).toContain('specification 5.3.11');
  });

  test('may take the delegation of people away who cannot be trusted any more', () => {
    const { steps } = plan({ stolen: ['team-a', 'team-b'] });
    expect(steps[1]?.instead).toEqual(['trs role remove team --repository demo --artifacts remove']);
  });

  test('says until when clients take what cannot be signed any more', () => {
    const deadline = '2027-01-01T00:00:00Z';
    expect(plan({ lost: ['stamp'] }).findings).toMatchObject([{ cannotBeSigned: true, deadline }]);
    expect(plan({ stolen: ['stamp'] }).findings).toMatchObject([{ cannotBeSigned: false, deadline: null }]);
  });

  test('from so many root keys that the threshold is stolen is a race', () => {
    const { findings, steps } = plan({ stolen: ['root-a', 'root-b'] });
    expect(findings[0]?.danger).toMatch(/^everything/);
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
});
