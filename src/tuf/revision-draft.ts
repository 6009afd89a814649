import { type ArtifactPath, sameTargetFile, type TargetFile } from './artifact.js';
import { canonicalJson } from './canonical-json.js';
import type { TrustedKeys } from './delegation.js';
import { withDelegations } from './delegation-edit.js';
import { DelegationTree } from './delegation-tree.js';
import { DraftedEvents } from './drafted-events.js';
import { EditsByRole } from './edits-by-role.js';
import { TufError } from './errors.js';
import { expiryAfter, spreadExpiryAfter } from './expiry.js';
import { isBinName } from './hash-bins.js';
import type { Delegations, Root, SignedMetadata, Targets } from './metadata.js';
import { SPEC_VERSION } from './metadata.js';
import { plannedTree } from './planned-tree.js';
import { MetadataNotLoaded, publishedTree, type RepositoryState, type RevisionContext } from './repository-state.js';
import { metaFileName, ROOT, type RoleName, SNAPSHOT, TARGETS, TIMESTAMP } from './role-name.js';
import { lifetimeOf, type RepositorySettings } from './settings.js';
import { type Consequences, consequencesOf, type PendingTrust, type TargetsEvent } from './signing-event.js';
import type { Steps } from './steps.js';
import { TargetFiles } from './target-files.js';
import { fileIn, type PathEdits, type TargetsContent, withEdits } from './targets-content.js';

/** On what a version is proposed; what is left out is as for the one that waited. */
export interface ProposalTerms {
  readonly signers: TrustedKeys;
  readonly pending: PendingTrust | null;
  readonly consequences: Consequences | null;
}

/** The working copy in which changes gather, one after the other, until the next revision is read off it. */
export class RevisionDraft {
  settings: RepositorySettings;
  newRoot: SignedMetadata<Root> | null = null;
  events: DraftedEvents;
  /** Roles whose offline signatures are complete, and that are published with this revision. */
  completed = new Map<RoleName, SignedMetadata<Targets>>();
  /** What changes give to roles that the service signs. */
  given = new Map<RoleName, TargetsContent>();
  /** Artifacts that clients find in another role than before, or not any more, with the role in which they found them. */
  foundElsewhere = new Map<ArtifactPath, RoleName>();
  private renewed = new Set<RoleName>();
  /** Of what clients find and of what waits; for roles that people sign, of what waits. */
  private edits = new EditsByRole();
  /** Of what waits alone, for roles that the service signs until then. */
  private proposalEdits = new EditsByRole();
  private handovers = new EditsByRole();
  private gone = new Set<RoleName>();
  /** What was found out of the roles of a tree, which never changes. */
  private readonly online = new WeakMap<DelegationTree, Map<RoleName, boolean>>();
  private tree: DelegationTree | null;
  private readonly before: DelegationTree | null;

  /** @param barred paths that may not be listed, because clients would sort them differently: see {@link ambiguousPaths}. */
  constructor(
    readonly state: RepositoryState,
    readonly context: RevisionContext,
    private readonly barred: ReadonlySet<string>,
  ) {
    this.settings = state.settings;
    this.events = new DraftedEvents(state.openEvents);
    this.before = state.published && publishedTree(state.published, context.identities);
    this.tree = this.before;
  }

  get root(): SignedMetadata<Root> | null {
    return this.newRoot ?? this.state.published?.root ?? null;
  }

  /** The delegations that clients go by before this revision; null before the first. */
  get publishedTree(): DelegationTree | null {
    return this.before;
  }

  /** The delegations that clients go by after this revision. */
  get delegationTree(): DelegationTree {
    if (!this.tree) throw new TufError('repository-not-ready', 'the root of the repository still lacks signatures');
    return this.tree;
  }

  /** Has the delegations of what was given and completed since take effect. */
  refreshTree(): void {
    const root = this.root;
    if (!root) return;
    const changes = new Map<RoleName, Delegations | undefined>([...this.gone].map((role) => [role, undefined]));
    for (const [role, { delegations }] of this.given) changes.set(role, delegations);
    for (const [role, { signed }] of this.completed) changes.set(role, signed.delegations);
    this.tree = (this.before ?? new DelegationTree(root.signed, new Map(), this.context.identities)).with(
      changes,
      root.signed,
    );
  }

  /** The delegations once everything that waits for signatures has them. */
  plannedTree(): DelegationTree {
    return plannedTree(this.delegationTree, this.events.open());
  }

  treeWith(changes: ReadonlyMap<RoleName, Delegations | undefined>, root: Root): DelegationTree {
    return (this.tree ?? new DelegationTree(root, new Map(), this.context.identities)).with(changes, root);
  }

  /** Whether the service has keys enough to sign for the role. */
  isOnline(role: RoleName, tree: DelegationTree = this.delegationTree): boolean {
    const found = this.online.get(tree) ?? new Map<RoleName, boolean>();
    const known = found.get(role);
    if (known !== undefined) return known;
    const trusted = tree.keysOf(role);
    const isOnline = trusted !== null && this.reachesThreshold(trusted);
    this.online.set(tree, found.set(role, isOnline));
    return isOnline;
  }

  reachesThreshold({ keyids, threshold }: Pick<TrustedKeys, 'keyids' | 'threshold'>): boolean {
    return keyids.filter((keyid) => this.context.onlineKeys.has(keyid)).length >= threshold;
  }

  /** What the role says once this revision is out, as far as it is known; undefined for one that is new. */
  inForce(role: RoleName): TargetsContent | undefined {
    return this.completed.get(role)?.signed ?? this.given.get(role) ?? this.published(role)?.signed;
  }

  /** What the next version of the role is made of: for one that waits for signatures, what it waits with. */
  working(role: RoleName): TargetsContent {
    const event = this.events.ofTargets(role);
    const content = event && !this.isOnlineNow(role) ? event.metadata.signed : this.inForce(role);
    return withEdits(content ?? { targets: {} }, this.edits.of(role));
  }

  /** What the role says once everything has its signatures. */
  planned(role: RoleName): TargetsContent {
    const content = this.events.ofTargets(role)?.metadata.signed ?? this.inForce(role) ?? { targets: {} };
    return withEdits(withEdits(content, this.edits.of(role)), this.proposalEdits.of(role));
  }

  published(role: RoleName): SignedMetadata<Targets> | undefined {
    return this.gone.has(role) ? undefined : this.publishedBefore(role);
  }

  /** Also of roles that clients do not know any more. */
  publishedBefore(role: RoleName): SignedMetadata<Targets> | undefined {
    const { published } = this.state;
    if (!published || !this.before?.has(role)) return undefined;
    if (role === TARGETS) return published.targets;
    const metadata = published.delegated.get(role);
    if (!metadata) throw new MetadataNotLoaded([role]);
    return metadata;
  }

  /** Names all of them at once, so that they can be loaded at once. */
  assertLoaded(roles: Iterable<RoleName>): void {
    this.assertLoadedBefore([...roles].filter((role) => !this.gone.has(role)));
  }

  /** Also of roles that clients do not know any more. */
  assertLoadedBefore(roles: Iterable<RoleName>): void {
    const missing = [...new Set(roles)].filter(
      (role) => role !== TARGETS && this.before?.has(role) && !this.state.published?.delegated.has(role),
    );
    if (missing.length > 0) throw new MetadataNotLoaded(missing);
  }

  /** The version that clients have once this revision is out, unless it brings another; 0 for a role that never was. */
  publishedVersion(role: RoleName): number {
    const completed = this.completed.get(role)?.signed.version;
    return completed ?? this.state.published?.snapshot.signed.meta.get(metaFileName(role))?.version ?? 0;
  }

  /** What the role lists now or, where people sign it, will list. */
  targetFile(role: RoleName, path: ArtifactPath): TargetFile | null {
    const edit = this.edits.of(role)?.get(path);
    if (edit !== undefined) return edit;
    const event = this.events.ofTargets(role);
    return fileIn(event && !this.isOnlineNow(role) ? event.metadata.signed : this.inForce(role), path);
  }

  /** What clients find in the role once this revision is out. */
  fileInForce(role: RoleName, path: ArtifactPath): TargetFile | null {
    return this.isOnlineNow(role) ? this.targetFile(role, path) : fileIn(this.inForce(role), path);
  }

  /** What the role will list once everything has its signatures. */
  plannedFile(role: RoleName, path: ArtifactPath): TargetFile | null {
    const edit = this.proposalEdits.of(role)?.get(path) ?? this.edits.of(role)?.get(path);
    if (edit !== undefined) return edit;
    return fileIn(this.events.ofTargets(role)?.metadata.signed ?? this.inForce(role), path);
  }

  /** What a role that the service signs lists once this one is signed, null for nothing; undefined where that is left open. */
  handedOver(role: RoleName, path: ArtifactPath): TargetFile | null | undefined {
    const edit = this.handovers.of(role)?.get(path);
    if (edit !== undefined) return edit;
    const files = this.events.ofTargets(role)?.consequences?.handedOver ?? {};
    return Object.hasOwn(files, path) ? files[path] : undefined;
  }

  setTargetFile(role: RoleName, path: ArtifactPath, after: TargetFile | null): void {
    this.edits.set(role, path, after);
    this.proposalEdits.unset(role, path);
  }

  /** As {@link setTargetFile}, but not before the version that waits is signed. */
  setPlannedFile(role: RoleName, path: ArtifactPath, after: TargetFile | null): void {
    const edits = this.isOnlineNow(role) ? this.proposalEdits : this.edits;
    edits.set(role, path, after);
  }

  editedRoles(): RoleName[] {
    return this.edits.roles();
  }

  handOver(role: RoleName, path: ArtifactPath, file: TargetFile | null): void {
    this.handovers.set(role, path, file);
  }

  /** Turns what was set for single paths into what roles say: at once where the service signs, else as a proposal. */
  *gatherEdits(): Steps<void> {
    const roles = new Set([...this.edits.roles(), ...this.proposalEdits.roles(), ...this.handovers.roles()]);
    for (const role of roles) {
      const [edits, further, handedOver] = [this.edits, this.proposalEdits, this.handovers].map((all) =>
        all.take(role),
      );
      this.gatherEditsOf(role, edits ?? NO_EDITS, further ?? NO_EDITS, handedOver ?? NO_EDITS);
      yield;
    }
  }

  private gatherEditsOf(role: RoleName, edits: PathEdits, further: PathEdits, handedOver: PathEdits): void {
    const waiting = this.events.ofTargets(role);
    const inForce = this.inForce(role) ?? { targets: {} };
    const isOnline = this.isOnlineNow(role);
    const given = withEdits(inForce, edits);
    if (isOnline && !listsTheSame(given, inForce, edits)) this.given.set(role, given);
    const base = waiting?.metadata.signed ?? (isOnline ? null : inForce);
    const all = new Map([...edits, ...further]);
    if (!base || (handedOver.size === 0 && !hasEffect(base, all))) return;
    this.propose(role, withEdits(base, all), {
      consequences: consequencesOf(handedOver, [], waiting?.consequences ?? null),
    });
  }

  /** Changes what a role that the service signs delegates; whoever is about to sign it instead goes on from there. */
  delegate(role: RoleName, edit: (delegations: Delegations | undefined) => Delegations | undefined): void {
    const content: TargetsContent = this.inForce(role) ?? { targets: {} };
    const waiting = this.events.ofTargets(role)?.metadata.signed;
    this.given.set(role, withDelegations(content, edit(content.delegations)));
    if (waiting) this.propose(role, withDelegations(waiting, edit(waiting.delegations)));
  }

  /** Forgets what roles said that clients do not know any more; one of the same name would start anew. */
  forget(roles: Iterable<RoleName>): void {
    for (const role of roles) {
      this.given.delete(role);
      this.renewed.delete(role);
      this.gone.add(role);
    }
  }

  renew(roles: readonly RoleName[]): void {
    for (const role of roles) this.renewed.add(role);
  }

  isRenewed(role: RoleName): boolean {
    return this.renewed.has(role);
  }

  isBarred(path: ArtifactPath): boolean {
    return this.barred.has(path);
  }

  /** Every role that the service signs by itself. */
  onlineRoles(): RoleName[] {
    return [...this.delegationTree.names(), TARGETS, SNAPSHOT, TIMESTAMP].filter((role) => this.isOnline(role));
  }

  /**
   * Proposes the next version of a role that people sign. It takes the place of the one that waited, for all to see,
   * unless that says the same.
   */
  propose(role: RoleName, content: TargetsContent, terms: Partial<ProposalTerms> = {}): TargetsEvent {
    const waiting = this.events.ofTargets(role);
    const {
      signers: trusted,
      pending,
      consequences,
    } = {
      ...(waiting ?? { signers: terms.signers ?? this.trustOf(role), pending: null, consequences: null }),
      ...terms,
    };
    const { identities: _, ...signers } = trusted; // what is kept with the event is data
    const metadata = { signatures: [], signed: this.nextTargets(role, content, this.nextVersionToPropose(role)) };
    const id = this.context.newEventId();
    const event: TargetsEvent = { id, role, state: 'open', reason: null, metadata, signers, pending, consequences };
    return this.events.put(waiting && saysTheSame(waiting, event) ? waiting : event);
  }

  /** Everything as it was, where `change` is refused. */
  attempt<T>(change: () => T): T {
    const { settings, newRoot, tree } = this;
    const maps = [new Map(this.completed), new Map(this.given)] as const;
    const events = this.events.copy();
    const renewed = new Set(this.renewed);
    const edits = this.edits.copy();
    const proposalEdits = this.proposalEdits.copy();
    const handovers = this.handovers.copy();
    const gone = new Set(this.gone);
    const foundElsewhere = new Map(this.foundElsewhere);
    try {
      return change();
    } catch (error) {
      [this.completed, this.given] = maps;
      Object.assign(this, {
        settings,
        newRoot,
        tree,
        events,
        renewed,
        edits,
        proposalEdits,
        handovers,
        gone,
        foundElsewhere,
      });
      throw error;
    }
  }

  /** The next, unsigned version of each role that the service signs and that has one. */
  *nextTargetsRoles(): Steps<Map<RoleName, Targets>> {
    const next = new Map<RoleName, Targets>();
    for (const role of new Set([...this.given.keys(), ...this.renewed])) {
      if (role === SNAPSHOT || role === TIMESTAMP || !this.delegationTree.has(role)) continue;
      const content = this.inForce(role) ?? { targets: {} };
      next.set(role, this.nextTargets(role, content, this.publishedVersion(role) + 1));
      yield;
    }
    return next;
  }

  /** What people sign follows what this revision brings already. */
  nextVersionToPropose(role: RoleName): number {
    const isSignedNow = (this.given.has(role) || this.renewed.has(role)) && !this.completed.has(role);
    return this.publishedVersion(role) + (isSignedNow && this.isOnlineNow(role) ? 2 : 1);
  }

  private nextTargets(role: RoleName, content: TargetsContent, version: number): Targets {
    return {
      ...content,
      _type: 'targets',
      spec_version: SPEC_VERSION,
      version,
      expires: this.expiryOf(role, version),
      targets: content.targets,
    };
  }

  private expiryOf(role: RoleName, version: number): string {
    const lifetime = lifetimeOf(this.settings, role);
    if (!isBinName(role)) return expiryAfter(this.context.now, lifetime);
    return spreadExpiryAfter(this.context.now, lifetime, `${role} ${version}`);
  }

  private trustOf(role: RoleName): TrustedKeys {
    const trusted = this.delegationTree.keysOf(role);
    if (!trusted || role === ROOT) throw new TufError('role-unknown', `the repository has no role ${role}`);
    return trusted;
  }

  private isOnlineNow(role: RoleName): boolean {
    return this.tree !== null && this.isOnline(role);
  }
}

function saysTheSame(left: TargetsEvent, right: TargetsEvent): boolean {
  const said = ({ metadata, signers, pending, consequences }: TargetsEvent) =>
    canonicalJson({ signed: { ...metadata.signed, expires: '' }, signers, pending, consequences });
  return said(left) === said(right);
}

/** Lists that are text are compared as such: a burst sets many paths of one bin. */
function listsTheSame({ targets: given }: TargetsContent, before: TargetsContent, edits: PathEdits): boolean {
  const isText = given instanceof TargetFiles && before.targets instanceof TargetFiles;
  return isText ? given.canonical() === before.targets.canonical() : !hasEffect(before, edits);
}

function hasEffect(before: TargetsContent, edits: PathEdits): boolean {
  return [...edits].some(([path, after]) => !sameTargetFile(fileIn(before, path), after));
}

const NO_EDITS: PathEdits = new Map();
