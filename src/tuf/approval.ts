import type { Change } from './change.js';

/** Kinds of changes that a repository may want two people for. */
export const APPROVALS = {
  'artifact-removals': 'Artifacts are removed, by themselves or with their role.',
  delegations: 'Roles are delegated to, changed or taken back, and hash bins changed.',
  roots: 'The next root is proposed, as for other online keys.',
} as const;

export type Approval = keyof typeof APPROVALS;

export const APPROVAL_NAMES = Object.keys(APPROVALS) as readonly Approval[];

/** Whether the change waits for somebody else's approval where these are wanted. */
export function needsApproval(change: Change, wanted: readonly Approval[]): boolean {
  return approvalsOf(change).some((approval) => wanted.includes(approval));
}

function approvalsOf(change: Change): readonly Approval[] {
  switch (change.kind) {
    case 'remove-artifacts':
      return ['artifact-removals'];
    case 'remove-role':
      return change.artifacts === 'remove' ? ['delegations', 'artifact-removals'] : ['delegations'];
    case 'add-role':
    case 'update-role':
    case 'set-bins':
      return ['delegations'];
    case 'set-root':
      return ['roots'];
    case 'set-metadata': // its own people have signed it
    case 'add-signature':
    case 'withdraw-signing-event':
    case 'add-artifacts':
    case 'update-settings':
    case 'resign':
      return [];
    default:
      return change satisfies never;
  }
}
