import { type Applied, DONE, waitingFor } from './applied.js';
import type { ArtifactPath, TargetFile } from './artifact.js';
import { assertUnambiguous } from './artifact-moves.js';
import { delegatedRoleNames, type TrustedKeys } from './delegation.js';
import { trustIn } from './delegation-edit.js';
import type { DelegationTree } from './delegation-tree.js';
import { TufError } from './errors.js';
import { assertSensibleExpiry } from './expiry.js';
import type { SignedMetadata, Targets } from './metadata.js';
import type { RevisionDraft } from './revision-draft.js';
import { rolesLackingSignatures } from './role-changes.js';
import { ROOT, type RoleName } from './role-name.js';
import { MAXIMUM_ROOT_YEARS } from './root-trust.js';
import { settleEvents } from './settlement.js';
import { thresholdMet } from './signature.js';
import { type Consequences, consequencesOf, type PendingTrust, type TargetsEvent } from './signing-event.js';
import { assertSignature } from './signing-event-changes.js';
import { runToEnd } from './steps.js';
import { pathsIn } from './targets-content.js';

/**
 * Takes the next version of a role as the people who hold its keys made and signed it.
 * @throws TufError naming the signature, the version, the expiry or the path that is not as it has to be.
 */
export function setMetadata(draft: RevisionDraft, role: RoleName, metadata: SignedMetadata<Targets>): Applied {
  runToEnd(draft.gatherEdits());
  const planned = draft.plannedTree();
  const waiting = draft.events.ofTargets(role);
  const trusted = waiting?.signers ?? planned.keysOf(role);
  if (!trusted || role === ROOT) throw new TufError('role-unknown', `the repository has no role ${role}`, 'role');
  const signers = { ...trusted, identities: draft.context.identities };
  assertSignedByPeople(draft, role, signers);
  assertAcceptable(draft, role, metadata, signers);
  assertDelegated(planned, role, metadata.signed);
  for (const tree of [draft.delegationTree, planned]) assertSubrolesAreFree(tree, role, metadata.signed);
  const id = draft.context.newEventId();
  const pending = waiting?.pending ?? null;
  draft.events.put({
    id,
    role,
    state: 'open',
    reason: null,
    metadata,
    signers: trusted,
    pending,
    consequences: keptConsequences(draft, planned, waiting, metadata.signed),
  });
  const unsigned = proposeSubroles(draft, role, metadata.signed);
  settleEvents(draft);
  if (!draft.events.find(id)) return DONE;
  return waitingFor([role, ...unsigned, ...othersOf(draft, pending)]);
}

function assertSignedByPeople(draft: RevisionDraft, role: RoleName, signers: TrustedKeys): void {
  if (!draft.reachesThreshold(signers)) return;
  throw new TufError(
    'role-signed-online',
    `role ${role} is signed by this service; ask it for changes instead`,
    'role',
  );
}

function assertAcceptable(
  draft: RevisionDraft,
  role: RoleName,
  metadata: SignedMetadata<Targets>,
  signers: TrustedKeys,
): void {
  const { signed, signatures } = metadata;
  const version = draft.nextVersionToPropose(role);
  if (signed.version !== version) {
    throw new TufError('metadata-version-wrong', `signed.version must be ${version}`, 'signed.version');
  }
  assertSensibleExpiry(signed.expires, draft.context.now, MAXIMUM_ROOT_YEARS, 'signed.expires');
  signatures.forEach((signature, index) => {
    assertSignature(signed, signers, signature, `signatures[${index}]`);
  });
  if (!thresholdMet(metadata, signers)) {
    const { threshold } = signers;
    throw new TufError('signatures-missing', `signatures must be of ${threshold} keys of role ${role}`, 'signatures');
  }
}

/** Every path has to be one that a client looks up in this role. */
function assertDelegated(tree: DelegationTree, role: RoleName, targets: Targets): void {
  const stray = pathsIn(targets).find((path) => !tree.walk(path).includes(role) || tree.route(path).isContested);
  if (stray === undefined) {
    assertUnambiguous(role, targets);
    return;
  }
  throw new TufError(
    'artifact-path-not-delegated',
    `signed.targets lists ${stray}, which is not delegated to role ${role} as every client reads it`,
    'signed.targets',
  );
}

function assertSubrolesAreFree(tree: DelegationTree, role: RoleName, { delegations }: Targets): void {
  for (const name of delegatedRoleNames(delegations)) {
    const delegator = tree.delegatorOf(name);
    if (delegator === null || delegator === role) continue;
    throw new TufError(
      'role-exists',
      `there is a role named ${name} already, which ${delegator} delegates to`,
      'signed.delegations',
    );
  }
}

/** Whoever made it may have started from the version that waited: what that handed over is not given up by this one. */
function keptConsequences(
  draft: RevisionDraft,
  planned: DelegationTree,
  waiting: TargetsEvent | undefined,
  { delegations }: Targets,
): Consequences | null {
  if (!waiting?.consequences) return null;
  const { handedOver, dropped } = waiting.consequences;
  const after = planned.with(new Map([[waiting.role, delegations]]));
  const files = Object.entries(handedOver) as [ArtifactPath, TargetFile | null][];
  const taken = files.filter(([path]) => draft.isOnline(after.route(path).role, after));
  const gone = dropped.filter((role) => !after.has(role));
  return consequencesOf(new Map(taken), gone, null);
}

/** A subrole that nobody has signed yet waits for its first version, and has this role wait with it. */
function proposeSubroles(draft: RevisionDraft, role: RoleName, { delegations }: Targets): RoleName[] {
  const unsigned = rolesLackingSignatures(draft, role, delegations);
  for (const name of unsigned) {
    const signers = trustIn(delegations, name);
    const pending: PendingTrust = { delegator: role, delegation: null };
    if (signers) draft.propose(name, draft.planned(name), { signers, pending });
  }
  return unsigned;
}

function othersOf(draft: RevisionDraft, pending: PendingTrust | null): RoleName[] {
  return pending && draft.events.of(pending.delegator) ? [pending.delegator] : [];
}
