import { dangerOf } from './danger.js';
import { delegationSteps } from './delegation-steps.js';
import type { RecoveryStep } from './recovery-step.js';
import { cannotBeSigned, goneOf, isOnline, isReached, type KeysGone, type RoleAtRisk } from './role-at-risk.js';
import { outOfBandSteps, rootSteps } from './root-steps.js';

export interface RoleFinding {
  readonly role: string;
  readonly stolen: readonly string[];
  readonly lost: readonly string[];
  readonly threshold: number;
  /** What somebody with the stolen keys can do now. */
  readonly danger: string;
  /** Whether fewer keys than the threshold are left to those who should have them. */
  readonly cannotBeSigned: boolean;
  /** When clients stop to take it, where it cannot be signed any more; null otherwise. */
  readonly deadline: string | null;
}

export interface RecoveryPlan {
  readonly findings: readonly RoleFinding[];
  /** In the order in which they are to be done. */
  readonly steps: readonly RecoveryStep[];
  /** Whether no metadata can mend it, so that clients need a new root by another way. */
  readonly isOutOfBand: boolean;
}

/** What the table of PEP 458 says about keys that are gone, for the roles of one repository; changes nothing. */
export function recoveryPlan(repository: string, roles: readonly RoleAtRisk[], gone: KeysGone): RecoveryPlan {
  const hit = roles.filter((role) => goneOf(role, gone).length > 0);
  const findings = hit.map((role) => findingOf(role, roles, gone));
  const root = roles.find(({ kind }) => kind === 'root');
  if (root && (gone.rootTaken || cannotBeSigned(root, gone))) {
    return { findings, isOutOfBand: true, steps: outOfBandSteps(repository, root, gone) };
  }
  const steps = [
    ...(gone.stolen.length > 0 && hit.length > 0 ? [STOP_THE_INTRUDER] : []),
    ...rootSteps(repository, hit, gone),
    ...hit.flatMap((role) => delegationSteps(repository, role, roles, gone)),
    ...signSteps(repository, hit, roles),
    ...reviewSteps(repository, hit, gone),
  ];
  return { findings, steps, isOutOfBand: false };
}

function findingOf(role: RoleAtRisk, roles: readonly RoleAtRisk[], gone: KeysGone): RoleFinding {
  const isDead = cannotBeSigned(role, gone);
  return {
    role: role.name,
    stolen: role.keyIds.filter((id) => gone.stolen.includes(id)),
    lost: role.keyIds.filter((id) => gone.lost.includes(id)),
    threshold: role.threshold,
    danger: dangerOf(role, roles, gone),
    cannotBeSigned: isDead,
    deadline: isDead ? role.expires : null,
  };
}

const STOP_THE_INTRUDER: RecoveryStep = {
  what: 'First shut the intruder out: the machine, the vault or the person whose key it was. New keys in the same place are stolen again.',
  commands: [],
};

function signSteps(repository: string, hit: readonly RoleAtRisk[], roles: readonly RoleAtRisk[]): RecoveryStep[] {
  const byPeople = new Set(
    hit.flatMap((role) => {
      if (role.kind === 'root' || role.kind === 'top-level') return ['root', ...(isOnline(role) ? [] : [role.name])];
      const delegator = roles.find(({ name }) => name === role.delegator);
      return [role, ...(delegator ? [delegator] : [])].filter((signed) => !isOnline(signed)).map(({ name }) => name);
    }),
  );
  if (byPeople.size === 0) return [];
  return [
    {
      what: `Have people sign what waits for them: ${[...byPeople].join(', ')}. Versions that a thief proposed are among it, too: sign only what you asked for.`,
      commands: [
        `trs event list --repository ${repository}`,
        `trs sign EVENT-ID --repository ${repository} --key FILE`,
      ],
    },
  ];
}

function reviewSteps(repository: string, hit: readonly RoleAtRisk[], gone: KeysGone): RecoveryStep[] {
  const reached = hit.filter((role) => isReached(role, gone));
  const listing = reached.filter(({ kind, name }) => kind === 'bins' || kind === 'delegated' || name === 'targets');
  if (listing.length === 0) return [];
  return [
    {
      what: `Compare what ${listing.map(({ name }) => name).join(', ')} published meanwhile with what your pipelines made; remove what is wrong, and add again what was replaced.`,
      commands: [
        `trs artifact list --repository ${repository} --json`,
        `trs artifact remove PATH --repository ${repository}`,
        `trs role list --repository ${repository}`,
      ],
    },
  ];
}
