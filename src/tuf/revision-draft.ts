import { type ArtifactPath, sameTargetFile, type TargetFile } from './artifact.js';
import { sortedByCodePoint } from './canonical-json.js';
import { delegatedRoleNames, roleForPath } from './delegation.js';
import { TufError } from './errors.js';
import { expiryAfter, spreadExpiryAfter } from './expiry.js';
import { binsDelegation } from './hash-bins.js';
import type { Delegations, Root, SignedMetadata, Targets } from './metadata.js';
import { SPEC_VERSION } from './metadata.js';
import type { RepositoryState, RevisionContext, SigningEvent } from './repository-state.js';
import { metaFileName, type RoleName, SNAPSHOT, TARGETS, TIMESTAMP } from './role-name.js';
import { sameSigners } from './root-trust.js';
import { lifetimeOf } from './settings.js';

/** What a revision does to one artifact; `after` is null when it is removed. */
export interface ArtifactEdit {
  readonly path: ArtifactPath;
  readonly role: RoleName;
  readonly before: TargetFile | null;
  readonly after: TargetFile | null;
}

/** A published role as it stands, unknown fields included, or what a change gives a role. */
type TargetsContent = Pick<Targets, 'targets' | 'delegations'>;

/** The working copy in which changes gather, one after the other, until the next revision is read off it. */
export class RevisionDraft {
  newRoot: SignedMetadata<Root> | null = null;
  readonly signingEvents = new Map<string, SigningEvent>();
  private readonly renewed = new Set<RoleName>();
  private readonly given = new Map<RoleName, TargetsContent>();
  private readonly edits = new Map<ArtifactPath, ArtifactEdit>();

  /** @param barred paths that may not be listed, because clients would sort them differently: see {@link ambiguousPaths}. */
  constructor(
    private readonly state: RepositoryState,
    readonly context: RevisionContext,
    private readonly barred: ReadonlySet<string>,
  ) {}

  get root(): SignedMetadata<Root> | null {
    return this.newRoot ?? this.state.published?.root ?? null;
  }

  /** Takes the first root into force and creates targets and the bins it delegates to. */
  createRoles(root: SignedMetadata<Root>): void {
    this.newRoot = root;
    const delegations = this.binsSignedAs(root.signed);
    this.given.set(TARGETS, { targets: {}, delegations });
    for (const bin of delegatedRoleNames(delegations)) this.given.set(bin, { targets: {} });
  }

  /** Takes the next root into force; a role whose signers it changes is signed again, by the new ones, at once. */
  replaceRoot(root: SignedMetadata<Root>, previous: Root): void {
    this.newRoot = root;
    if (!sameSigners(previous, root.signed, 'snapshot')) this.renew([SNAPSHOT]);
    if (sameSigners(previous, root.signed, 'targets')) return;
    const delegations = this.binsSignedAs(root.signed);
    this.given.set(TARGETS, { ...this.content(TARGETS), delegations });
    this.renew(delegatedRoleNames(delegations));
  }

  /** The event that waits for signatures for root, if there is one. */
  get openRootEvent(): SigningEvent | undefined {
    return [...this.state.openEvents, ...this.signingEvents.values()].find(({ id }) => this.openEvent(id));
  }

  openEvent(id: string): SigningEvent | undefined {
    const event = this.signingEvents.get(id) ?? this.state.openEvents.find((open) => open.id === id);
    return event?.state === 'open' ? event : undefined;
  }

  /** The role that lists, or would list, a path. */
  roleFor(path: ArtifactPath): RoleName | null {
    return roleForPath(this.content(TARGETS).delegations, path);
  }

  targetFile(role: RoleName, path: ArtifactPath): TargetFile | null {
    const edit = this.edits.get(path);
    return edit ? edit.after : this.publishedTargetFile(role, path);
  }

  setTargetFile(role: RoleName, path: ArtifactPath, after: TargetFile | null): void {
    this.edits.set(path, { path, role, before: this.publishedTargetFile(role, path), after });
  }

  renew(roles: readonly RoleName[]): void {
    for (const role of roles) this.renewed.add(role);
  }

  /** Whether the role is there to be signed again; one that a change removed is not. */
  isOnlineRole(role: RoleName): boolean {
    if (role === SNAPSHOT || role === TIMESTAMP) return this.root !== null;
    return this.given.has(role) || this.publishedTargets(role) !== undefined;
  }

  /** Every role that the service signs by itself. */
  onlineRoles(): RoleName[] {
    return [...delegatedRoleNames(this.content(TARGETS).delegations), TARGETS, SNAPSHOT, TIMESTAMP];
  }

  isRenewed(role: RoleName): boolean {
    return this.renewed.has(role);
  }

  isBarred(path: ArtifactPath): boolean {
    return this.barred.has(path);
  }

  /** The edits that leave an artifact other than it was. */
  effectiveEdits(): ArtifactEdit[] {
    return [...this.edits.values()].filter(({ before, after }) => !sameTargetFile(before, after));
  }

  /** The next, unsigned version of each targets role that has one, delegated roles before targets. */
  nextTargetsRoles(edits: readonly ArtifactEdit[]): Map<RoleName, Targets> {
    const byRole = Map.groupBy(edits, ({ role }) => role);
    const named = new Set([...this.given.keys(), ...byRole.keys(), ...this.renewed]);
    const roles = [...named].filter((role) => role !== SNAPSHOT && role !== TIMESTAMP && role !== TARGETS);
    if (named.has(TARGETS)) roles.push(TARGETS);
    return new Map(roles.map((role) => [role, this.nextTargets(role, byRole.get(role) ?? [])]));
  }

  /** Bins are signed by the online keys of targets, to the same threshold. */
  private binsSignedAs(root: Root): Delegations {
    const { keyids, threshold } = root.roles.targets;
    const online = keyids.filter((keyid) => this.context.onlineKeys.has(keyid));
    const keys = Object.fromEntries(Object.entries(root.keys).filter(([keyid]) => online.some((id) => id === keyid)));
    return binsDelegation(this.state.settings.bins, keys, { keyids: online, threshold });
  }

  private nextTargets(role: RoleName, edits: readonly ArtifactEdit[]): Targets {
    const version = this.publishedVersion(role) + 1;
    const content = this.content(role);
    return {
      ...content,
      _type: 'targets',
      spec_version: SPEC_VERSION,
      version,
      expires: this.expiryOf(role, version),
      targets: withEdits(content.targets, edits),
    };
  }

  private expiryOf(role: RoleName, version: number): string {
    const lifetime = lifetimeOf(this.state.settings, role);
    if (role === TARGETS) return expiryAfter(this.context.now, lifetime);
    return spreadExpiryAfter(this.context.now, lifetime, `${role} ${version}`);
  }

  private content(role: RoleName): TargetsContent {
    const content = this.given.get(role) ?? this.publishedTargets(role);
    if (!content) throw new TufError('repository-not-ready', `role ${role} has no metadata yet`);
    return content;
  }

  private publishedTargetFile(role: RoleName, path: ArtifactPath): TargetFile | null {
    const targets = this.publishedTargets(role)?.targets;
    return targets && Object.hasOwn(targets, path) ? (targets[path] ?? null) : null;
  }

  private publishedTargets(role: RoleName): Targets | undefined {
    const { published } = this.state;
    return role === TARGETS ? published?.targets.signed : published?.delegated.get(role)?.signed;
  }

  private publishedVersion(role: RoleName): number {
    return this.state.published?.snapshot.signed.meta[metaFileName(role)]?.version ?? 0;
  }
}

function withEdits(targets: Targets['targets'], edits: readonly ArtifactEdit[]): Targets['targets'] {
  const files = new Map(Object.entries(targets) as [ArtifactPath, TargetFile][]);
  for (const { path, after } of edits) {
    if (after) files.set(path, after);
    else files.delete(path);
  }
  const paths = sortedByCodePoint([...files.keys()]) as ArtifactPath[];
  return Object.fromEntries(paths.map((path) => [path, files.get(path)])) as Targets['targets'];
}
