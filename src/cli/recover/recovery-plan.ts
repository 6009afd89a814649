import { counted } from '../moment.js';

/** A role as far as recovery is concerned; the bins of one delegator are one. */
export interface RoleAtRisk {
  readonly name: string;
  readonly kind: 'root' | 'top-level' | 'delegated' | 'bins';
  readonly keyIds: readonly string[];
  readonly onlineKeyIds: readonly string[];
  readonly threshold: number;
  /** For bins: whose, and how many of which kind. */
  readonly bins?: { readonly delegator: string; readonly count: number; readonly kind: string };
}

export interface KeysGone {
  readonly stolen: readonly string[];
  /** Nobody can sign with them any more; a stolen key may be lost, too. */
  readonly lost: readonly string[];
  /** A root that a thief made is out already. */
  readonly rootTaken: boolean;
}

export interface RoleFinding {
  readonly role: string;
  readonly stolen: readonly string[];
  readonly lost: readonly string[];
  readonly threshold: number;
  /** What somebody with the stolen keys can do now. */
  readonly danger: string;
  /** Whether fewer keys than the threshold are left to those who should have them. */
  readonly cannotBeSigned: boolean;
}

export interface RecoveryStep {
  readonly what: string;
  readonly commands: readonly string[];
}

export interface RecoveryPlan {
  readonly findings: readonly RoleFinding[];
  readonly steps: readonly RecoveryStep[];
  /** Whether no metadata can mend it, so that clients need a new root by another way. */
  readonly isOutOfBand: boolean;
}

/** What the table of PEP 458 says about keys that are gone, for the roles of one repository; changes nothing. */
export function recoveryPlan(repository: string, roles: readonly RoleAtRisk[], gone: KeysGone): RecoveryPlan {
  const hit = roles.filter(({ keyIds }) => keyIds.some((id) => isGone(id, gone)));
  const findings = hit.map((role) => findingOf(role, gone));
  const root = roles.find(({ kind }) => kind === 'root');
  const isOutOfBand = root !== undefined && (gone.rootTaken || isBeyondRepair(root, gone));
  if (isOutOfBand && root) return { findings, isOutOfBand, steps: outOfBandSteps(repository, root, gone) };
  const steps = [
    ...(gone.stolen.length > 0 ? [STOP_THE_INTRUDER] : []),
    ...rootSteps(repository, hit, gone),
    ...hit.flatMap((role) => delegationSteps(repository, role, roles, gone)),
    ...(hit.length > 0 ? [signStep(repository)] : []),
    ...reviewSteps(repository, findings),
  ];
  return { findings, steps, isOutOfBand };
}

function findingOf(role: RoleAtRisk, gone: KeysGone): RoleFinding {
  const stolen = role.keyIds.filter((id) => gone.stolen.includes(id));
  const lost = role.keyIds.filter((id) => gone.lost.includes(id));
  return {
    role: role.name,
    stolen,
    lost,
    threshold: role.threshold,
    danger: dangerOf(role, stolen.length),
    cannotBeSigned: role.keyIds.length - lost.length < role.threshold,
  };
}

function dangerOf({ name, kind, threshold }: RoleAtRisk, stolen: number): string {
  if (stolen === 0) return 'nobody else can sign with what is lost';
  if (stolen < threshold) return `nothing yet: it takes ${threshold - stolen} more of its keys`;
  switch (kind) {
    case 'root':
      return 'everything: a next root with keys of their own, which clients will follow';
    case 'bins':
      return 'sign any artifact of these bins; with timestamp and snapshot, too, hand it to clients';
    case 'delegated':
      return 'sign any artifact of the paths of this role; with timestamp and snapshot, too, hand it to clients';
    case 'top-level':
      return DANGERS[name] ?? '';
    default:
      return kind satisfies never;
  }
}

/** After PEP 458, "Managing signing keys", table of compromises. */
const DANGERS: Readonly<Record<string, string>> = {
  timestamp: 'freeze clients at what they have; with snapshot, too, mix old versions or run versions ahead',
  snapshot: 'nothing alone; with timestamp, too, hand clients old versions together',
  targets: 'delegate to anybody and sign any artifact; with timestamp and snapshot, too, hand it to clients',
};

function isBeyondRepair({ keyIds, threshold }: RoleAtRisk, { lost }: KeysGone): boolean {
  return keyIds.filter((id) => !lost.includes(id)).length < threshold;
}

const STOP_THE_INTRUDER: RecoveryStep = {
  what: 'First shut the intruder out: the machine, the vault or the person whose key it was. New keys in the same place are stolen again.',
  commands: [],
};

function rootSteps(repository: string, hit: readonly RoleAtRisk[], gone: KeysGone): RecoveryStep[] {
  const flags = hit.flatMap((role) => rootFlags(role, gone));
  if (flags.length === 0) return [];
  const root = hit.find(({ kind }) => kind === 'root');
  const isTaken = root && root.keyIds.filter((id) => gone.stolen.includes(id)).length >= root.threshold;
  const replaced = root ? root.keyIds.filter((id) => isGone(id, gone)) : [];
  const newKeys = replaced.map((_, index) => `trs key generate --out new-root-${index + 1}.pem`);
  const what = isTaken
    ? 'Publish a next root before the thief does: until then they can take the repository over. If they were first, say so with --root-taken.'
    : 'Publish a next root. From then on clients refuse what the former keys sign, in one revision, and forget the versions that a stolen timestamp or snapshot key made run ahead (specification 5.3.11).';
  return [{ what, commands: [...newKeys, `trs root edit --repository ${repository} ${flags.join(' ')}`] }];
}

function rootFlags(role: RoleAtRisk, gone: KeysGone): string[] {
  const replaced = role.keyIds.filter((id) => isGone(id, gone));
  if (role.kind === 'root') {
    const added = replaced.map((_, index) => `--add-root-key new-root-${index + 1}.pem.pub.json`);
    return [...replaced.map((id) => `--remove-root-key ${id.slice(0, 12)}`), ...added];
  }
  if (role.kind !== 'top-level') return [];
  const isOnline = role.onlineKeyIds.length >= role.threshold;
  return [isOnline ? `--online-key ${role.name}=new` : `--online-key ${role.name}=NEW.pub.json`];
}

function delegationSteps(
  repository: string,
  role: RoleAtRisk,
  roles: readonly RoleAtRisk[],
  gone: KeysGone,
): RecoveryStep[] {
  if (role.kind === 'delegated') {
    const kept = role.keyIds.filter((id) => !isGone(id, gone)).map((id) => `--key ${id}`);
    const keys = [...kept, '--key NEW.pub.json'].join(' ');
    return [
      {
        what: `Have other keys sign role ${role.name}; if its people cannot be trusted any more, take the delegation and what it lists away.`,
        commands: [
          `trs role edit ${role.name} --repository ${repository} ${keys} --threshold ${role.threshold}`,
          `trs role remove ${role.name} --repository ${repository} --artifacts remove`,
        ],
      },
    ];
  }
  const { bins } = role;
  if (!bins || followsRoot(role, roles)) return [];
  return [
    {
      what: `Have another online key sign the bins of ${bins.delegator}; they do not follow root, for they have keys of their own.`,
      commands: [
        `trs key online --name "${repository} bins"`,
        `trs role bins set ${bins.delegator} --repository ${repository} --count ${bins.count} --kind ${bins.kind} --key NEW-KEY-ID`,
      ],
    },
  ];
}

/** Bins that are signed as targets is get the new keys together with it. */
function followsRoot({ keyIds }: RoleAtRisk, roles: readonly RoleAtRisk[]): boolean {
  const targets = roles.find(({ name }) => name === 'targets');
  return targets !== undefined && [...targets.onlineKeyIds].sort().join() === [...keyIds].sort().join();
}

function signStep(repository: string): RecoveryStep {
  return {
    what: 'What people have to sign waits for them:',
    commands: [`trs event list --repository ${repository}`, `trs sign --repository ${repository} --key FILE`],
  };
}

function reviewSteps(repository: string, findings: readonly RoleFinding[]): RecoveryStep[] {
  const isDangerous = findings.some(({ stolen, threshold }) => stolen.length >= threshold);
  if (!isDangerous) return [];
  return [
    {
      what: 'Compare what is published with what your pipelines made; remove or replace what is wrong.',
      commands: [
        `trs artifact list --repository ${repository} --json`,
        `trs artifact remove PATH --repository ${repository}`,
      ],
    },
  ];
}

function outOfBandSteps(repository: string, root: RoleAtRisk, { lost, rootTaken }: KeysGone): RecoveryStep[] {
  const left = root.keyIds.filter((id) => !lost.includes(id)).length;
  const what = rootTaken
    ? 'Clients that saw the root of the thief follow it, and no metadata of yours can call them back. Take the repository off the net at once.'
    : `Root takes ${counted(root.threshold, 'signature')}, and ${left} of its keys ${left === 1 ? 'is' : 'are'} left. No metadata can mend that: nobody can make the next root. The repository works on until its root expires; use the time.`;
  return [
    { what, commands: [] },
    {
      what: 'Make a new repository with a new ceremony: more root keys than the threshold, in different hands and places.',
      commands: [`trs ceremony --repository ${repository}-2`],
    },
    {
      what: 'Bring its first root to the clients by another way than this repository: a new version of your software, packages of the operating system, a signed announcement. Tell people how to check it.',
      commands: [],
    },
  ];
}

function isGone(id: string, { stolen, lost }: KeysGone): boolean {
  return stolen.includes(id) || lost.includes(id);
}
