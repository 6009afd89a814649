import { type ArtifactPath, sameTargetFile, type TargetFile } from './artifact.js';
import { canonicalJson } from './canonical-json.js';
import type { TrustedKeys } from './delegation.js';
import { DelegationTree } from './delegation-tree.js';
import { TufError } from './errors.js';
import { expiryAfter, spreadExpiryAfter } from './expiry.js';
import { isBinName } from './hash-bins.js';
import type { Delegations, Root, SignedMetadata, Targets } from './metadata.js';
import { SPEC_VERSION } from './metadata.js';
import { MetadataNotLoaded, publishedTree, type RepositoryState, type RevisionContext } from './repository-state.js';
import { metaFileName, ROOT, type RoleName, SNAPSHOT, TARGETS, TIMESTAMP } from './role-name.js';
import { lifetimeOf, type RepositorySettings } from './settings.js';
import { isRootEvent, type PendingTrust, type SigningEvent, type TargetsEvent } from './signing-event.js';
import { type TargetsContent, withEdits } from './targets-content.js';

/** The working copy in which changes gather, one after the other, until the next revision is read off it. */
export class RevisionDraft {
  settings: RepositorySettings;
  newRoot: SignedMetadata<Root> | null = null;
  /** Events that are other than they were, by their ids. */
  events = new Map<string, SigningEvent>();
  /** Roles whose offline signatures are complete, and that are published with this revision. */
  completed = new Map<RoleName, SignedMetadata<Targets>>();
  /** What changes give to roles that the service signs. */
  given = new Map<RoleName, TargetsContent>();
  private renewed = new Set<RoleName>();
  private edits = new Map<RoleName, Map<ArtifactPath, TargetFile | null>>();
  private tree: DelegationTree | null;
  private readonly before: DelegationTree | null;

  /** @param barred paths that may not be listed, because clients would sort them differently: see {@link ambiguousPaths}. */
  constructor(
    readonly state: RepositoryState,
    readonly context: RevisionContext,
    private readonly barred: ReadonlySet<string>,
  ) {
    this.settings = state.settings;
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
    const changes = new Map<RoleName, Delegations | undefined>();
    for (const [role, { delegations }] of this.given) changes.set(role, delegations);
    for (const [role, { signed }] of this.completed) changes.set(role, signed.delegations);
    this.tree = (this.before ?? new DelegationTree(root.signed, new Map(), this.context.identities)).with(
      changes,
      root.signed,
    );
  }

  treeWith(changes: ReadonlyMap<RoleName, Delegations | undefined>, root: Root): DelegationTree {
    return (this.tree ?? new DelegationTree(root, new Map(), this.context.identities)).with(changes, root);
  }

  /** Whether the service has keys enough to sign for the role. */
  isOnline(role: RoleName, tree: DelegationTree = this.delegationTree): boolean {
    const trusted = tree.keysOf(role);
    return trusted !== null && this.reachesThreshold(trusted);
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
    const event = this.openTargetsEvent(role);
    const content = event && !this.isOnlineNow(role) ? event.metadata.signed : this.inForce(role);
    return withEdits(content ?? { targets: {} }, this.edits.get(role));
  }

  published(role: RoleName): SignedMetadata<Targets> | undefined {
    const { published } = this.state;
    if (!published || !this.before?.has(role)) return undefined;
    if (role === TARGETS) return published.targets;
    const metadata = published.delegated.get(role);
    if (!metadata) throw new MetadataNotLoaded([role]);
    return metadata;
  }

  /** Names all of them at once, so that they can be loaded at once. */
  assertLoaded(roles: Iterable<RoleName>): void {
    const missing = [...new Set(roles)].filter(
      (role) => role !== TARGETS && this.before?.has(role) && !this.state.published?.delegated.has(role),
    );
    if (missing.length > 0) throw new MetadataNotLoaded(missing);
  }

  /** The version that clients have once this revision is out, unless it brings another; 0 for a role that never was. */
  publishedVersion(role: RoleName): number {
    const completed = this.completed.get(role)?.signed.version;
    return completed ?? this.state.published?.snapshot.signed.meta[metaFileName(role)]?.version ?? 0;
  }

  targetFile(role: RoleName, path: ArtifactPath): TargetFile | null {
    const edit = this.edits.get(role)?.get(path);
    if (edit !== undefined) return edit;
    const event = this.openTargetsEvent(role);
    const content = event && !this.isOnlineNow(role) ? event.metadata.signed : this.inForce(role);
    return content && Object.hasOwn(content.targets, path) ? (content.targets[path] ?? null) : null;
  }

  setTargetFile(role: RoleName, path: ArtifactPath, after: TargetFile | null): void {
    const edits = this.edits.get(role) ?? new Map();
    this.edits.set(role, edits.set(path, after));
  }

  /** Turns what was set for single paths into what roles say: at once where the service signs, else as a proposal. */
  gatherEdits(): void {
    const edited = [...this.edits];
    for (const [role, edits] of edited) {
      const content = this.working(role);
      this.edits.delete(role);
      if (this.isOnlineNow(role)) {
        if (hasEffect(this.inForce(role), edits)) this.given.set(role, content);
      } else this.propose(role, content);
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

  openEvents(): SigningEvent[] {
    const events = new Map(this.state.openEvents.map((event) => [event.id, event]));
    for (const [id, event] of this.events) events.set(id, event);
    return [...events.values()].filter(({ state }) => state === 'open');
  }

  openEvent(id: string): SigningEvent | undefined {
    return this.openEvents().find((event) => event.id === id);
  }

  openEventOf(role: RoleName): SigningEvent | undefined {
    const changed = [...this.events.values()].find((event) => event.role === role && event.state === 'open');
    return changed ?? this.state.openEvents.find((event) => event.role === role && !this.events.has(event.id));
  }

  openTargetsEvent(role: RoleName): TargetsEvent | undefined {
    const event = this.openEventOf(role);
    return event && !isRootEvent(event) ? event : undefined;
  }

  /**
   * Proposes the next version of a role that people sign. It takes the place of the one that waited, for all to see,
   * unless that says the same.
   */
  propose(
    role: RoleName,
    content: TargetsContent,
    trust: { readonly signers: TrustedKeys; readonly pending: PendingTrust | null } | null = null,
  ): TargetsEvent {
    const waiting = this.openTargetsEvent(role);
    const { signers: trusted, pending } = trust ?? waiting ?? { signers: this.trustOf(role), pending: null };
    const { identities: _, ...signers } = trusted; // what is kept with the event is data
    const metadata = { signatures: [], signed: this.nextTargets(role, content) };
    const event: TargetsEvent = {
      id: this.context.newEventId(),
      role,
      state: 'open',
      reason: null,
      metadata,
      signers,
      pending,
    };
    return this.open(waiting && saysTheSame(waiting, event) ? waiting : event);
  }

  /** Puts an event in the place of the one that waited for this role. */
  open<Event extends SigningEvent>(event: Event): Event {
    const waiting = this.openEventOf(event.role);
    if (waiting && waiting.id !== event.id) this.close(waiting, 'superseded', `superseded by ${event.id}`);
    this.events.set(event.id, event);
    return event;
  }

  /** One that was opened by this very draft, and that nobody could see, leaves no trace. */
  close(event: SigningEvent, state: 'superseded' | 'withdrawn' | 'completed', reason: string | null): void {
    const wasSeen = this.state.openEvents.some(({ id }) => id === event.id);
    if (wasSeen) this.events.set(event.id, { ...event, state, reason });
    else this.events.delete(event.id);
  }

  /** Everything as it was, where `change` is refused. */
  attempt<T>(change: () => T): T {
    const { settings, newRoot, tree } = this;
    const maps = [new Map(this.events), new Map(this.completed), new Map(this.given)] as const;
    const renewed = new Set(this.renewed);
    const edits = new Map([...this.edits].map(([role, paths]) => [role, new Map(paths)]));
    try {
      return change();
    } catch (error) {
      [this.events, this.completed, this.given] = maps;
      Object.assign(this, { settings, newRoot, tree, renewed, edits });
      throw error;
    }
  }

  /** The next, unsigned version of each role that the service signs and that has one. */
  nextTargetsRoles(): Map<RoleName, Targets> {
    const named = new Set([...this.given.keys(), ...this.renewed]);
    const roles = [...named].filter((role) => role !== SNAPSHOT && role !== TIMESTAMP && this.delegationTree.has(role));
    return new Map(roles.map((role) => [role, this.nextTargets(role, this.inForce(role) ?? { targets: {} })]));
  }

  nextTargets(role: RoleName, content: TargetsContent): Targets {
    const version = this.publishedVersion(role) + 1;
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
  const said = ({ metadata, signers, pending }: TargetsEvent) =>
    canonicalJson({ signed: { ...metadata.signed, expires: '' }, signers, pending });
  return said(left) === said(right);
}

function hasEffect(before: TargetsContent | undefined, edits: ReadonlyMap<ArtifactPath, TargetFile | null>): boolean {
  const targets = before?.targets ?? {};
  return [...edits].some(([path, after]) => {
    const file = Object.hasOwn(targets, path) ? (targets[path] ?? null) : null;
    return !sameTargetFile(file, after);
  });
}
