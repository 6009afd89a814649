import { counted } from '../moment.js';
import type { RecoveryStep } from './recovery-step.js';
import { goneOf, isOnline, isReached, type KeysGone, keptOf, type RoleAtRisk } from './role-at-risk.js';

/** One next root for all that root says. */
export function rootSteps(repository: string, hit: readonly RoleAtRisk[], gone: KeysGone): RecoveryStep[] {
  const parts = hit.filter(({ kind }) => kind === 'root' || kind === 'top-level').map((role) => partOf(role, gone));
  if (parts.length === 0) return [];
  const flags = parts.flatMap((part) => part.flags).join(' ');
  const edit = `trs root edit --repository ${repository} ${flags}`;
  return [{ what: reasonsFor(hit, gone).join(' '), commands: [...parts.flatMap((part) => part.newKeys), edit] }];
}

function reasonsFor(hit: readonly RoleAtRisk[], gone: KeysGone): string[] {
  const isReachedRole = (name: string) => hit.some((role) => role.name === name && isReached(role, gone));
  const first = isReachedRole('root')
    ? 'Publish a next root before the thief does: until then they can take the repository over. If they were first, say so with --root-taken.'
    : 'Publish a next root: from then on clients refuse what the former keys sign, all in one revision.';
  const ahead =
    'Versions that the thief made run ahead do no harm any more: clients forget those of timestamp and snapshot when root changes their keys (specification 5.3.11). Raise no numbers by hand.';
  return [first, ...(isReachedRole('timestamp') || isReachedRole('snapshot') ? [ahead] : [])];
}

interface RootPart {
  readonly newKeys: readonly string[];
  readonly flags: readonly string[];
}

function partOf(role: RoleAtRisk, gone: KeysGone): RootPart {
  const replaced = goneOf(role, gone);
  if (role.kind !== 'root' && isOnline(role)) return { newKeys: [], flags: [`--online-key ${role.name}=new`] };
  const files = replaced.map((_, index) => `new-${role.name}-${index + 1}.pem`);
  const newKeys = files.map((file) => `trs key generate --out ${file}`);
  if (role.kind === 'root') {
    const removed = replaced.map((id) => `--remove-root-key ${id.slice(0, 16)}`);
    return { newKeys, flags: [...removed, ...files.map((file) => `--add-root-key ${file}.pub.json`)] };
  }
  const signers = [...keptOf(role, gone), ...files.map((file) => `${file}.pub.json`)];
  const threshold = `--targets-threshold ${role.threshold}`;
  return { newKeys, flags: [...signers.map((key) => `--targets-key ${key}`), threshold] };
}

/** The honest way where no metadata helps. */
export function outOfBandSteps(repository: string, root: RoleAtRisk, { lost, rootTaken }: KeysGone): RecoveryStep[] {
  const left = root.keyIds.filter((id) => !lost.includes(id)).length;
  const what = rootTaken
    ? 'Clients that saw the root of the thief follow it, and no metadata of yours can call them back. Take the repository off the net at once.'
    : `Root takes ${counted(root.threshold, 'signature')}, and ${left} of its keys ${left === 1 ? 'is' : 'are'} left. No metadata can mend that: nobody can make the next root. The repository works on until its root expires${root.expires ? `, on ${root.expires.slice(0, 10)}` : ''}; use the time.`;
  return [
    { what, commands: [] },
    {
      what: 'Make a new repository with a new ceremony and new keys: more root keys than the threshold, in different hands and places. Publish there only artifacts that you have checked.',
      commands: [`trs ceremony --repository ${repository}-2`],
    },
    {
      what: 'Bring its first root to the clients by another way than this repository: a new version of your software, packages of the operating system, a signed announcement. Tell people how to check it.',
      commands: [],
    },
  ];
}
