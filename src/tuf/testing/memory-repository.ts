import type { ArtifactPath, TargetFile } from '../artifact.js';
import type { Change, Outcome } from '../change.js';
import { assertClientAccepts } from '../client-check.js';
import { delegatedRoleNames, type TrustedKeys } from '../delegation.js';
import type { DelegationTree } from '../delegation-tree.js';
import type { IdentityVerifier } from '../identity-key.js';
import type { KeyId } from '../key.js';
import type { Root, Signed, SignedMetadata, Snapshot, Targets } from '../metadata.js';
import { type MetadataFile, metadataFile, type Revision } from '../metadata-file.js';
import { parseSnapshot } from '../parse-snapshot.js';
import { readTargets } from '../read-targets.js';
import {
  MetadataNotLoaded,
  type PublishedMetadata,
  publishedTree,
  type RepositoryState,
  type RevisionContext,
} from '../repository-state.js';
import { nextRevision, type RevisionContent, type RevisionPlan, signersOf } from '../revision.js';
import { ROOT, type RoleName, SNAPSHOT, TARGETS, TIMESTAMP } from '../role-name.js';
import { parseSettings, type RepositorySettings } from '../settings.js';
import { isRootEvent, type SigningEvent } from '../signing-event.js';
import { nextSnapshot, nextTimestamp } from '../snapshot-and-timestamp.js';
import { filesIn } from '../targets-content.js';
import { signatureFor } from './changes.js';
import { type KeyPair, newKeyPair, signatureBy, signedBy } from './key-ring.js';
import { NOW, rootOf } from './roots.js';

export const FOUR_BINS = parseSettings({ bins: { count: 4 } });

/** What one run of the publisher came to. */
export interface Published {
  readonly plan: RevisionPlan;
  readonly outcomes: readonly Outcome[];
  readonly revision: Revision | null;
}

export interface MemoryRepositoryOptions {
  readonly settings?: RepositorySettings;
  readonly online?: readonly KeyPair[];
  readonly identities?: IdentityVerifier | undefined;
}

/** A publisher, its key vault and its database in memory: every revision is signed, checked as a client does, and kept. */
export class MemoryRepository {
  now = NOW;
  published: PublishedMetadata | null = null;
  openEvents: readonly SigningEvent[] = [];
  settings: RepositorySettings;
  readonly online: readonly KeyPair[];
  private readonly identities: IdentityVerifier | undefined;
  /** The role in which clients find each artifact, as the revisions tell it. */
  readonly index = new Map<string, RoleName>();
  private tasks = 0;
  private events = 0;

  constructor({ settings = FOUR_BINS, online = [newKeyPair()], identities }: MemoryRepositoryOptions = {}) {
    this.settings = settings;
    this.online = online;
    this.identities = identities;
  }

  /** A repository whose first revision is out. */
  static ready(options: MemoryRepositoryOptions = {}): MemoryRepository {
    const repository = new MemoryRepository(options);
    repository.publishFirst();
    return repository;
  }

  /** Publishes a first root of one new key, and all that comes with it. */
  publishFirst(): { revision: Revision } {
    const rootKey = newKeyPair();
    const root = rootOf({ rootKeys: [rootKey], online: this.online });
    const { revision } = this.publish([{ kind: 'set-root', root: signedBy(root, rootKey) }]);
    if (!revision) throw new Error('a first root makes a revision');
    return { revision };
  }

  publish(changes: readonly Change[], due: readonly RoleName[] = []): Published {
    const { plan, outcomes, state } = this.plan(changes, due);
    const revision = plan.content ? this.sign(plan.content, state, plan.settings) : null;
    if (revision) assertClientAccepts(state.published, revision, this.now, this.identities);
    this.keep(plan, revision);
    return { plan, outcomes, revision };
  }

  /** What {@link publish} would set out to do; nothing is kept. */
  plan(
    changes: readonly Change[],
    due: readonly RoleName[] = [],
  ): { plan: RevisionPlan; outcomes: Outcome[]; state: RepositoryState; rounds: number } {
    const requested = changes.map((change) => {
      this.tasks += 1;
      return { id: `task-${this.tasks}`, change };
    });
    const roles = new Set<RoleName>();
    const prefixes = new Set<string>();
    for (let rounds = 1; ; rounds += 1) {
      const state = this.stateWith(roles, prefixes);
      try {
        const plan = nextRevision(state, requested, this.context(due));
        return { plan, outcomes: [...plan.outcomes.values()], state, rounds };
      } catch (error) {
        if (!(error instanceof MetadataNotLoaded)) throw error;
        for (const role of error.roles) roles.add(role);
        for (const prefix of error.pathPrefixes) prefixes.add(prefix);
      }
    }
  }

  /** As the database gives it: of the delegated roles, only those that delegate and those that were asked for. */
  stateWith(roles: ReadonlySet<RoleName>, prefixes: ReadonlySet<string> = new Set()): RepositoryState {
    const { settings, openEvents, published } = this;
    if (!published) return { settings, openEvents, published };
    const rolesListing = (prefix: string) =>
      new Set([...this.index].filter(([path]) => path.startsWith(prefix)).map(([, role]) => role));
    const listing = new Map([...prefixes].map((prefix) => [prefix, [...rolesListing(prefix)]]));
    const wanted = new Set([...roles, ...[...listing.values()].flat()]);
    const delegated = new Map(
      [...published.delegated].filter(([role, { signed }]) => wanted.has(role) || signed.delegations),
    );
    return { settings, openEvents, published: { ...published, delegated, listing } };
  }

  sign(
    content: RevisionContent,
    { published }: Pick<RepositoryState, 'published'>,
    settings: RepositorySettings = this.settings,
  ): Revision {
    const targetsRoles = [...content.targetsRoles].map(([role, targets]) =>
      'signatures' in targets ? metadataFile(role, targets) : this.signed(role, targets, content),
    );
    const snapshot = content.snapshotIsNew
      ? this.signed(
          SNAPSHOT,
          nextSnapshot(published?.snapshot.signed ?? null, targetsRoles, settings, this.now),
          content,
        )
      : null;
    const timestamp = nextTimestamp(published?.timestamp.signed ?? null, snapshot, settings, this.now);
    return {
      root: content.rootIsNew ? metadataFile(ROOT, content.root) : null,
      targetsRoles,
      snapshot,
      timestamp: this.signed(TIMESTAMP, timestamp, content),
    };
  }

  /** Signs with every online key among the trusted ones. */
  signFor<T extends Signed>(signed: T, { keyids }: Pick<TrustedKeys, 'keyids'>): SignedMetadata<T> {
    const signers = this.online.filter(({ keyId }) => keyids.includes(keyId));
    return { signatures: signers.map((signer) => signatureBy(signer, signed)), signed };
  }

  /** The role's published metadata. */
  role(name: string): Targets & { readonly targets: Readonly<Record<ArtifactPath, TargetFile>> } {
    const metadata = name === TARGETS ? this.published?.targets : this.published?.delegated.get(name as RoleName);
    if (!metadata) throw new Error(`the repository has no role ${name}`);
    return { ...metadata.signed, targets: filesIn(metadata.signed) };
  }

  /** Who delegates to whom. */
  get tree(): DelegationTree {
    if (!this.published) throw new Error('nothing is published');
    return publishedTree(this.published);
  }

  /** Every artifact that some delegated role lists, trusted or not any more. */
  listed(): Map<string, TargetFile> {
    return new Map(
      [...(this.published?.delegated.values() ?? [])].flatMap(({ signed }) => Object.entries(filesIn(signed))),
    );
  }

  /** The file that a client finds, walking as clients do. */
  found(path: string): TargetFile | null {
    const role = this.tree.walk(path).find((name) => Object.hasOwn(this.role(name).targets, path));
    return role === undefined ? null : (this.role(role).targets[path as ArtifactPath] ?? null);
  }

  /** Which role lists each artifact, one line for each. */
  placed(): string[] {
    const roles = [[TARGETS, this.role(TARGETS)] as const, ...this.delegatedInForce()];
    return roles.flatMap(([role, { targets }]) => Object.keys(targets).map((path) => `${role}: ${path}`)).sort();
  }

  /** The event in which the next version of a role waits. */
  eventOf(role: string): SigningEvent {
    const event = this.openEvents.find((open) => open.role === role);
    if (!event) throw new Error(`no version of ${role} waits for signatures`);
    return event;
  }

  /** Signs what waits for a role, one after the other; gives the last outcome. */
  signEvent(role: string, ...signers: readonly KeyPair[]): Published {
    const [last] = signers.map((signer) => this.publish([signatureFor(this.eventOf(role), signer)])).slice(-1);
    if (!last) throw new Error('nobody signs');
    return last;
  }

  private delegatedInForce() {
    const { tree } = this;
    return tree.names().map((role) => [role, this.role(role)] as const);
  }

  bins(): RoleName[] {
    return delegatedRoleNames(this.published?.targets.signed.delegations);
  }

  private context(due: readonly RoleName[]): RevisionContext {
    const onlineKeys = new Set<KeyId>(this.online.map(({ keyId }) => keyId));
    const newEventId = () => {
      this.events += 1;
      return `event-${this.events}`;
    };
    return { now: this.now, due, onlineKeys, newEventId, identities: this.identities };
  }

  private signed<T extends Signed>(role: RoleName, signed: T, content: RevisionContent): MetadataFile<T> {
    return metadataFile(role, this.signFor(signed, signersOf(content, role)));
  }

  /** What waits for people has the signatures of the service, where some of the keys are online. */
  private signedEvent(event: SigningEvent): SigningEvent {
    if (isRootEvent(event) || event.state !== 'open') return event;
    const { metadata, signers } = event;
    const added = this.signFor(metadata.signed, signers).signatures.filter(
      ({ keyid }) => !metadata.signatures.some((signature) => signature.keyid === keyid),
    );
    return { ...event, metadata: { ...metadata, signatures: [...metadata.signatures, ...added] } };
  }

  private keep({ signingEvents, settings, content }: RevisionPlan, revision: Revision | null): void {
    this.settings = settings;
    const signed = signingEvents.map((event) => kept(this.signedEvent(event)));
    const touched = new Map([...this.openEvents, ...signed].map((event) => [event.id, event]));
    this.openEvents = [...touched.values()].filter(({ state }) => state === 'open');
    if (revision) this.published = after(this.published, revision, content?.retired);
    for (const { path, role, after } of content?.artifactEdits ?? []) {
      if (after) this.index.set(path, role);
      else this.index.delete(path);
    }
  }
}

/** As the database keeps it. */
function kept(event: SigningEvent): SigningEvent {
  return JSON.parse(JSON.stringify(event)) as SigningEvent;
}

/** What is published once a revision is out, read back from its bytes. */
export function after(
  before: PublishedMetadata | null,
  { root, targetsRoles, snapshot, timestamp }: Revision,
  retired: readonly RoleName[] = [],
): PublishedMetadata {
  const targets = targetsRoles.find(({ role }) => role === TARGETS);
  const bins = targetsRoles.filter(({ role }) => role !== TARGETS);
  return {
    root: served<Root>(root, before?.root),
    targets: served(targets ?? null, before?.targets),
    snapshot: servedSnapshot(snapshot, before?.snapshot),
    timestamp: served(timestamp, undefined),
    delegated: new Map(
      [...(before?.delegated ?? []), ...bins.map((file) => [file.role, served(file, undefined)] as const)].filter(
        ([role]) => !retired.includes(role),
      ),
    ),
    listing: new Map(),
  };
}

function servedSnapshot(
  file: MetadataFile<Snapshot> | null,
  before: SignedMetadata<Snapshot> | undefined,
): SignedMetadata<Snapshot> {
  if (file) return parseSnapshot(Buffer.from(file.bytes).toString('utf8'), before?.signed.meta);
  if (!before) throw new Error('a first revision has every role');
  return before;
}

function served<T extends Signed>(
  file: MetadataFile<T> | null,
  before: SignedMetadata<T> | undefined,
): SignedMetadata<T> {
  if (file) return read(Buffer.from(file.bytes).toString('utf8'), file.metadata.signed._type) as SignedMetadata<T>;
  if (!before) throw new Error('a first revision has every role');
  return before;
}

function read(text: string, type: Signed['_type']): unknown {
  return type === 'targets' ? readTargets(text) : JSON.parse(text);
}
