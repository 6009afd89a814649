import { moveArtifacts, type Scope, type View } from './artifact-moves.js';
import { canonicalJson } from './canonical-json.js';
import { delegatedRoleNames, sameTrust } from './delegation.js';
import { withDelegations } from './delegation-edit.js';
import { type DelegationTree, rolesGone } from './delegation-tree.js';
import { TufError } from './errors.js';
import type { Targets } from './metadata.js';
import type { RevisionDraft } from './revision-draft.js';
import { type RoleName, SNAPSHOT, TARGETS } from './role-name.js';
import type { TargetsEvent } from './signing-event.js';
import { fileIn, pathsIn, type TargetsContent } from './targets-content.js';

/** Follows a change of root or delegations: what has other signers is signed again, and artifacts move where they belong. */
export function takeEffect(draft: RevisionDraft, before: View | null, scope: Scope): void {
  draft.refreshTree();
  const contents = new Map<RoleName, ReturnType<RevisionDraft['inForce']>>();
  const taken = signAgain(draft, before?.tree ?? null, contents);
  if (!before) return;
  const view: View = {
    ...before,
    contentOf: (role) => (contents.has(role) ? contents.get(role) : before.contentOf(role)),
  };
  moveArtifacts(draft, view, { ...scope, settled: new Set([...scope.settled, ...taken]) });
  draft.forget(rolesGone(before.tree, draft.delegationTree));
}

/** @returns the roles that people signed until now, and whose waiting version the service signs itself. */
function signAgain(
  draft: RevisionDraft,
  before: DelegationTree | null,
  contents: Map<RoleName, ReturnType<RevisionDraft['inForce']>>,
): RoleName[] {
  const roles = rolesWithOtherSigners(before, draft.delegationTree);
  draft.assertLoaded(roles.filter((role) => role !== SNAPSHOT && !draft.given.has(role) && draft.isOnline(role)));
  const taken: RoleName[] = [];
  for (const role of roles) {
    if (!draft.isOnline(role)) trustAnew(draft, role);
    else if (role === SNAPSHOT || before?.has(role)) {
      draft.renew([role]);
      contents.set(role, role === SNAPSHOT ? undefined : draft.inForce(role));
      if (takeOver(draft, role, before)) taken.push(role);
    } else if (!draft.given.has(role)) taken.push(...create(draft, role));
  }
  return taken;
}

/** What was to be its first version, had people signed it, is one that the service signs. */
function create(draft: RevisionDraft, role: RoleName): RoleName[] {
  const waiting = draft.events.ofTargets(role);
  draft.given.set(role, { targets: ownFiles([draft.delegationTree], role, waiting?.metadata.signed) });
  return waiting ? [role] : [];
}

function rolesWithOtherSigners(before: DelegationTree | null, after: DelegationTree): RoleName[] {
  const changed = after.delegators.filter((role) => after.delegations(role) !== before?.delegations(role));
  const named = [TARGETS, SNAPSHOT, ...changed.flatMap((role) => delegatedRoleNames(after.delegations(role)))];
  return named.filter((role) => !sameTrust(before?.keysOf(role) ?? null, after.keysOf(role)));
}

/** What waits for signatures takes those of the keys that are trusted from now on. */
function trustAnew(draft: RevisionDraft, role: RoleName): void {
  const event = draft.events.ofTargets(role);
  const trusted = draft.delegationTree.keysOf(role);
  if (!event || !trusted || event.pending) return;
  const { identities: _, ...signers } = trusted; // what is kept with the event is data
  draft.events.change({ ...event, signers });
}

/** What waited for people is signed by the service, which may do so from now on. */
function takeOver(draft: RevisionDraft, role: RoleName, before: DelegationTree | null): boolean {
  if (before && draft.isOnline(role, before)) return false; // it has been the service's, which has said it all
  const event = draft.events.ofTargets(role);
  if (event) assertDelegatesAsBefore(draft, event);
  const inForce = draft.inForce(role);
  const targets = ownFiles([before, draft.delegationTree], role, event?.metadata.signed ?? inForce);
  draft.given.set(role, withDelegations({ ...inForce, targets }, inForce?.delegations));
  if (event) draft.events.close(event, 'superseded', 'this service signs the role from now on');
  return true;
}

/** What was for the role, and will move, or is for it now; anything else is another role's already. */
function ownFiles(
  trees: readonly (DelegationTree | null)[],
  role: RoleName,
  content: TargetsContent | undefined,
): Targets['targets'] {
  const own = pathsIn(content).filter((path) => trees.some((tree) => tree?.walk(path).includes(role)));
  return Object.fromEntries(own.map((path) => [path, fileIn(content, path)])) as Targets['targets'];
}

export function delegatesAsBefore(draft: RevisionDraft, { role, metadata }: TargetsEvent): boolean {
  const [inForce, waiting] = [draft.inForce(role)?.delegations, metadata.signed.delegations];
  return canonicalJson(inForce ?? null) === canonicalJson(waiting ?? null);
}

function assertDelegatesAsBefore(draft: RevisionDraft, event: TargetsEvent): void {
  if (delegatesAsBefore(draft, event)) return;
  const { id, role } = event;
  throw new TufError(
    'role-edit-invalid',
    `signing event ${id} would change what role ${role} delegates; complete or withdraw it before the service signs for the role`,
  );
}
