import type { RecoveryStep } from './recovery-step.js';
import { goneOf, isOnline, type KeysGone, keptOf, type RoleAtRisk } from './role-at-risk.js';

/** What to do about a delegated role, or bins, that root says nothing of. */
export function delegationSteps(
  repository: string,
  role: RoleAtRisk,
  roles: readonly RoleAtRisk[],
  gone: KeysGone,
): RecoveryStep[] {
  if (followsRoot(role, roles)) return [];
  if (role.kind === 'delegated') return [roleStep(repository, role, gone)];
  return role.kind === 'bins' ? [binsStep(repository, role, gone)] : [];
}

function roleStep(repository: string, role: RoleAtRisk, gone: KeysGone): RecoveryStep {
  const { name, threshold } = role;
  const { newKeys, keys } = successors(repository, role, name, gone);
  return {
    what: `Have other keys sign role ${name}. If its people cannot be trusted any more, take the delegation and what it lists away instead.`,
    commands: [
      ...newKeys,
      `trs role edit ${name} --repository ${repository} ${keys.join(' ')} --threshold ${threshold}`,
    ],
    instead: [`trs role remove ${name} --repository ${repository} --artifacts remove`],
  };
}

function binsStep(repository: string, role: RoleAtRisk, gone: KeysGone): RecoveryStep {
  const { delegator, threshold } = role;
  const { newKeys, keys } = successors(repository, role, `${delegator}-bins`, gone);
  return {
    what: `Have another online key sign the bins of ${delegator}; they have keys of their own, which a next root does not change.`,
    commands: [
      ...newKeys,
      `trs role bins set ${delegator} --repository ${repository} ${keys.join(' ')} --threshold ${threshold}`,
    ],
  };
}

function successors(repository: string, role: RoleAtRisk, name: string, gone: KeysGone) {
  const files = goneOf(role, gone).map((id, index) => {
    const file = `new-${name}-${index + 1}.pem`;
    const isByService = role.onlineKeyIds.includes(id);
    const command = isByService
      ? `trs key online --name "${repository} ${name} ${index + 1}" --out ${file}.pub.json`
      : `trs key generate --out ${file}`;
    return { command, file: `${file}.pub.json` };
  });
  const keys = [...keptOf(role, gone), ...files.map(({ file }) => file)].map((key) => `--key ${key}`);
  return { newKeys: files.map(({ command }) => command), keys };
}

/** What is signed exactly as targets is, below roles that the service signs, gets the keys of targets from the next root. */
function followsRoot(role: RoleAtRisk, roles: readonly RoleAtRisk[]): boolean {
  const [targets, delegator] = ['targets', role.delegator].map((name) => roles.find((other) => other.name === name));
  if (!targets || !delegator || !isOnline(targets) || !isOnline(delegator)) return false;
  return role.threshold === targets.threshold && role.keyIds.join() === targets.onlineKeyIds.join();
}
