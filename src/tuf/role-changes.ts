import { type Applied, DONE, waitingFor } from './applied.js';
import { viewOf } from './artifact-moves.js';
import type { AddRole, RemoveRole, SetBins, UpdateRole } from './change.js';
import { delegatedRole, delegatedRoleNames, sameTrust, type TrustedKeys } from './delegation.js';
import { trustIn, withDelegations, withoutRole, withRole } from './delegation-edit.js';
import type { DelegationTree } from './delegation-tree.js';
import { TufError } from './errors.js';
import { binsDelegation, binsOf, isBinName } from './hash-bins.js';
import { onlinePart, onlineSignersIn } from './key-succession.js';
import { type DelegatedRole, type Delegations, TOP_LEVEL_ROLES } from './metadata.js';
import { endProposal } from './orphaned-proposal.js';
import { prefixesOf } from './path-scope.js';
import { movesOfProposals } from './proposed-moves.js';
import type { RevisionDraft } from './revision-draft.js';
import { assertTag, type RoleDefinition, roleDefinition, roleTag } from './role-definition.js';
import { type RoleName, TARGETS } from './role-name.js';
import { withRoleLifetime } from './settings.js';
import { isSignedBy } from './signed-version.js';
import { consequencesOf, type PlacedRole, type TargetsEvent } from './signing-event.js';
import { runToEnd } from './steps.js';
import { takeEffect } from './take-effect.js';
import { withEdits } from './targets-content.js';

export function addRole(draft: RevisionDraft, { delegator, role, keys, position, lifetime }: AddRole): Applied {
  runToEnd(draft.gatherEdits());
  const tree = draft.plannedTree();
  assertMayDelegate(tree, delegator);
  assertNameIsFree(draft, delegator, role.name);
  draft.settings = withRoleLifetime(draft.settings, role.name, lifetime);
  const placed = { role, position };
  return redelegate(draft, {
    delegator,
    edit: (delegations) => withRole(delegations, placed, keys),
    placed,
    pathPrefixes: prefixesOf([role]),
  });
}

export function updateRole(draft: RevisionDraft, change: UpdateRole): Applied {
  runToEnd(draft.gatherEdits());
  const definition = definitionOf(draft, change.role, change.ifMatch);
  const { delegation, delegator } = definition;
  if (!delegation || !delegator) throw notEditable(change.role);
  if (change.lifetime !== undefined) draft.settings = withRoleLifetime(draft.settings, change.role, change.lifetime);
  const role = updatedRole(delegation, change);
  const placed = { role, position: change.position ?? null };
  const { keys } = change.signers ?? definition.signers;
  return redelegate(draft, {
    delegator,
    edit: (delegations) => withRole(delegations, placed, keys),
    placed: { role, position: change.position ?? definition.position },
    pathPrefixes: prefixesOf([delegation, role, ...inForce(draft, role.name)]),
  });
}

/** Proposes a delegation anew that waited for its signers alone. */
export function proposeRole(draft: RevisionDraft, { role, signers, pending }: TargetsEvent, placed: PlacedRole): void {
  if (!pending) return;
  redelegate(draft, {
    delegator: pending.delegator,
    edit: (delegations) => withRole(delegations, placed, signers.keys),
    placed,
    pathPrefixes: prefixesOf([placed.role, ...inForce(draft, role)]),
  });
}

export function removeRole(draft: RevisionDraft, { role, artifacts, ifMatch }: RemoveRole): Applied {
  runToEnd(draft.gatherEdits());
  const { delegation, delegator } = definitionOf(draft, role, ifMatch);
  if (!delegation || !delegator) throw notEditable(role);
  const under = draft.plannedTree().under(role);
  draft.settings = withRoleLifetime(draft.settings, role, null);
  const isOnlyPlanned = !draft.delegationTree.has(role) && draft.isOnline(delegator);
  const applied = isOnlyPlanned
    ? DONE
    : redelegate(draft, {
        delegator,
        edit: (delegations) => withoutRole(delegations, role),
        placed: null,
        pathPrefixes: prefixesOf([delegation, ...inForce(draft, role)]),
        dropped: artifacts === 'remove' ? under : [],
      });
  for (const name of under) withdrawWithRole(draft, name, role); // what waits in them has moved by now
  return applied;
}

export function setBins(draft: RevisionDraft, { delegator, bins, signers, ifMatch }: SetBins): Applied {
  runToEnd(draft.gatherEdits());
  const definition = definitionOf(draft, delegator, ifMatch);
  const current = draft.plannedTree().delegations(delegator);
  if (current && !definition.bins) {
    throw new TufError('role-edit-invalid', `role ${delegator} delegates to named roles; remove them first`, 'role');
  }
  if (!bins && !current) throw new TufError('role-edit-invalid', `role ${delegator} has no bins`, 'role');
  const trusted = bins && (signers ?? binSigners(draft, delegator, current));
  if (delegator === TARGETS) {
    const { targetsListsArtifacts } = draft.settings;
    draft.settings = { ...draft.settings, bins, targetsListsArtifacts: targetsListsArtifacts || bins === null };
  }
  return redelegate(draft, {
    delegator,
    edit: () => (bins && trusted ? binsDelegation(delegator, bins, trusted.keys, onlySigners(trusted)) : undefined),
    placed: null,
    pathPrefixes: definition.delegation ? prefixesOf([definition.delegation]) : [''],
  });
}

interface Redelegation {
  readonly delegator: RoleName;
  readonly edit: (delegations: Delegations | undefined) => Delegations | undefined;
  /** The one role whose signers it may change. */
  readonly placed: PlacedRole | null;
  /** Starts of the paths whose role may be another one afterwards. */
  readonly pathPrefixes: readonly string[];
  /** Roles whose artifacts go away with them. */
  readonly dropped?: readonly RoleName[];
}

/** Changes what a role delegates: at once where all that has to be signed for it can be, else by proposals. */
export function redelegate(draft: RevisionDraft, change: Redelegation): Applied {
  const { delegator, edit } = change;
  const isOnline = draft.delegationTree.has(delegator) && draft.isOnline(delegator);
  const delegations = edit(draft.working(delegator).delegations);
  const unsigned = rolesLackingSignatures(draft, delegator, delegations);
  if (!isOnline || unsigned.length > 0) return proposeDelegations(draft, change, delegations, unsigned);
  delegateAtOnce(draft, change);
  return DONE;
}

function delegateAtOnce(
  draft: RevisionDraft,
  { delegator, edit, placed, pathPrefixes, dropped = [] }: Redelegation,
): void {
  const before = viewOf(draft);
  draft.delegate(delegator, edit);
  takeEffect(draft, before, { pathPrefixes, dropped: new Set(dropped), settled: new Set(), handedOver: new Map() });
  const awaited = placed && draft.events.ofTargets(placed.role.name);
  if (awaited?.pending) endProposal(draft, awaited, `superseded by a change of role ${awaited.role}`);
}

function proposeDelegations(
  draft: RevisionDraft,
  change: Redelegation,
  delegations: Delegations | undefined,
  unsigned: readonly RoleName[],
): Applied {
  const { delegator, placed, pathPrefixes, dropped = [] } = change;
  const isOnline = draft.delegationTree.has(delegator) && draft.isOnline(delegator);
  const before = draft.plannedTree();
  // What the service signs may take effect before all that waits; what people sign comes with what waits already.
  const base = isOnline ? draft.delegationTree : before;
  const { edits, handedOver } = movesOfProposals(draft, {
    delegator,
    before,
    after: base.with(new Map([[delegator, change.edit(base.delegations(delegator))]])),
    proposed: new Set(isOnline ? unsigned : [...unsigned, delegator]),
    pathPrefixes,
    dropped: new Set(dropped),
  });
  const consequences = (role: RoleName, gone: readonly RoleName[]) =>
    consequencesOf(handedOver.get(role) ?? new Map(), gone, draft.events.ofTargets(role)?.consequences ?? null);
  for (const role of unsigned) {
    const signers = trustIn(delegations, role);
    if (!signers) continue;
    const pending = { delegator, delegation: isOnline ? placed : null };
    const content = withEdits(draft.planned(role), edits.get(role));
    draft.propose(role, content, { signers, pending, consequences: consequences(role, []) });
  }
  const awaited = placed && draft.events.ofTargets(placed.role.name);
  if (awaited?.pending && !unsigned.includes(awaited.role)) {
    draft.events.close(awaited, 'superseded', `superseded by a change of role ${awaited.role}`);
  }
  if (isOnline) return waitingFor(unsigned);
  const content = withDelegations(draft.working(delegator), delegations);
  draft.propose(delegator, withEdits(content, edits.get(delegator)), {
    consequences: consequences(
      delegator,
      dropped.filter((role) => draft.delegationTree.has(role)), // another one may get the name of one that never was
    ),
  });
  return waitingFor([delegator, ...unsigned]);
}

/** The roles that only people can sign, and whose published version the delegator's new keys have not signed. */
export function rolesLackingSignatures(
  draft: RevisionDraft,
  delegator: RoleName,
  delegations: Delegations | undefined,
): RoleName[] {
  const inForce = draft.delegationTree.delegations(delegator);
  return delegatedRoleNames(delegations).filter((role) => {
    const trusted = trustIn(delegations, role, draft.context.identities);
    if (!trusted || draft.reachesThreshold(trusted)) return false;
    if (sameTrust(trusted, trustIn(inForce, role))) return false;
    return !isSignedBy(draft, role, trusted);
  });
}

function definitionOf(draft: RevisionDraft, role: RoleName, ifMatch: string | null): RoleDefinition {
  const definition = roleDefinition(draft.plannedTree(), draft.settings, role);
  if (!definition) throw new TufError('role-unknown', `the repository has no role ${role}`, 'role');
  assertTag(ifMatch, roleTag(definition), `role ${role}`);
  return definition;
}

/** The role as clients know it, where that is going to change. */
function inForce(draft: RevisionDraft, role: RoleName): DelegatedRole[] {
  const delegator = draft.delegationTree.delegatorOf(role);
  const delegation = delegator && delegatedRole(draft.delegationTree.delegations(delegator), role);
  return delegation ? [delegation] : [];
}

/** For one path clients look into 32 delegated roles at most; the last one is left for a bin. */
const MAXIMUM_DEPTH = 31;

function assertMayDelegate(tree: DelegationTree, delegator: RoleName): void {
  if (delegator !== TARGETS && (!tree.has(delegator) || isTopLevel(delegator) || isBinName(delegator))) {
    throw new TufError('role-unknown', `there is no role ${delegator} that could delegate`, 'delegator');
  }
  if (tree.depth(delegator) >= MAXIMUM_DEPTH) {
    const rule = `is ${MAXIMUM_DEPTH} delegations below targets; clients look no further`;
    throw new TufError('role-edit-invalid', `role ${delegator} ${rule}`, 'delegator');
  }
  if (binsOf(tree.delegations(delegator))) {
    const advice = 'delegate from another role, or have it list its artifacts itself first';
    throw new TufError('role-edit-invalid', `role ${delegator} delegates to hash bins; ${advice}`, 'delegator');
  }
}

function assertNameIsFree(draft: RevisionDraft, delegator: RoleName, name: RoleName): void {
  const [tree, inForce] = [draft.plannedTree(), draft.delegationTree];
  if (isTopLevel(name) || isBinName(name)) {
    throw new TufError(
      'role-name-reserved',
      `the name ${name} is not free: it belongs to the specification or to bins`,
      'name',
    );
  }
  if (tree.has(name)) throw new TufError('role-exists', `there is a role named ${name} already`, 'name');
  const current = inForce.delegatorOf(name);
  if (current === null || current === delegator) return;
  throw new TufError('role-exists', `there is a role named ${name} until people have signed that it goes`, 'name');
}

function isTopLevel(role: RoleName): boolean {
  return TOP_LEVEL_ROLES.some((name) => name === role);
}

function notEditable(role: RoleName): TufError {
  return new TufError(
    'role-edit-invalid',
    `role ${role} is not one that was added; root and bins have their own ways`,
    'role',
  );
}

function updatedRole(before: DelegatedRole, { pathsOrPrefixes, signers, terminating }: UpdateRole): DelegatedRole {
  const { paths, path_hash_prefixes, ...rest } = before;
  const listed = pathsOrPrefixes ?? { ...(paths && { paths }), ...(path_hash_prefixes && { path_hash_prefixes }) };
  return {
    ...rest,
    ...listed,
    ...(signers && onlySigners(signers)),
    terminating: terminating ?? before.terminating,
  };
}

function onlySigners({ keyids, threshold }: TrustedKeys) {
  return { keyids, threshold };
}

/** Those of the bins that there are, or else those with which the service signs the delegator, or snapshot. */
function binSigners(draft: RevisionDraft, delegator: RoleName, current: Delegations | undefined): TrustedKeys {
  const [bin] = delegatedRoleNames(current);
  const root = draft.delegationTree.root;
  const known = (bin && trustIn(current, bin)) || null;
  const ofTargets = delegator === TARGETS ? onlineSignersIn(draft, root, 'targets') : onlineSigners(draft, delegator);
  return known ?? ofTargets ?? onlineSignersIn(draft, root, 'snapshot') ?? noOnlineKeys(delegator);
}

function onlineSigners(draft: RevisionDraft, role: RoleName): TrustedKeys | null {
  const trusted = draft.delegationTree.keysOf(role);
  return trusted && onlinePart(draft, trusted);
}

function noOnlineKeys(delegator: RoleName): never {
  throw new TufError('online-key-missing', `there are no online keys that could sign the bins of ${delegator}`, 'keys');
}

function withdrawWithRole(draft: RevisionDraft, name: RoleName, removed: RoleName): void {
  const event = draft.events.of(name);
  if (event) draft.events.close(event, 'withdrawn', `role ${removed} was removed`);
}
