import { TrustedMetadataStore } from 'tuf-js/dist/store.js';
import type { TargetFile } from '../artifact.js';
import { fileName, filesInOrder, type Revision } from '../metadata-file.js';
import { TIMESTAMP } from '../role-name.js';
import { NOW } from './roots.js';

/** What is served: a versioned file never changes. */
export class Served {
  readonly files = new Map<string, Buffer>();

  take(revision: Revision): void {
    for (const { role, metadata, bytes } of filesInOrder(revision)) {
      const name = fileName(role, metadata.signed.version);
      if (role !== TIMESTAMP && this.files.has(name)) throw new Error(`${name} is written again`);
      this.files.set(name, Buffer.from(bytes));
    }
  }

  get(name: string): Buffer {
    const bytes = this.files.get(name);
    if (!bytes) throw new Error(`404 ${name}`);
    return bytes;
  }
}

/** The metadata store of tuf-js, driven through the workflow of a client that may have been here before. */
export class Client {
  private cached: { readonly timestamp: Buffer; readonly snapshot: Buffer } | null = null;
  private store: TrustedMetadataStore;

  constructor(private readonly served: Served) {
    this.store = this.newStore(NOW);
  }

  refresh(now: Date): void {
    this.store = this.newStore(now);
    this.recallTimestamp();
    const timestamp = this.served.get('timestamp.json');
    if (!this.cached?.timestamp.equals(timestamp)) this.store.updateTimestamp(timestamp);
    const snapshot = this.served.get(`${this.store.timestamp?.signed.snapshotMeta.version}.snapshot.json`);
    if (this.cached && !this.cached.snapshot.equals(snapshot)) this.rememberSnapshot(this.cached.snapshot);
    this.store.updateSnapshot(snapshot);
    this.load('targets', 'root');
    this.cached = { timestamp, snapshot };
  }

  /** As the updater of tuf-js does: pre-order, depth first, no role twice (specification 5.6.7). */
  targetFile(path: string): TargetFile | null {
    const visited = new Set<string>();
    const next = [{ role: 'targets', delegator: 'root' }];
    for (let visit = next.pop(); visit; visit = next.pop()) {
      const { role, delegator } = visit;
      if (visited.has(role)) continue;
      visited.add(role);
      if (!this.store.getRole(role)) this.load(role, delegator);
      const file = this.store.getRole(role)?.signed.targets[path];
      if (file) return JSON.parse(JSON.stringify(file.toJSON())) as TargetFile;
      const children: { role: string; delegator: string }[] = [];
      for (const child of this.store.getRole(role)?.signed.delegations?.rolesForTarget(path) ?? []) {
        children.push({ role: child.role, delegator: role });
        if (!child.terminating) continue;
        next.length = 0;
        break;
      }
      next.push(...children.reverse());
    }
    return null;
  }

  private load(role: string, delegator: string): void {
    const version = this.store.snapshot?.signed.meta[`${role}.json`]?.version;
    this.store.updateDelegatedTargets(this.served.get(`${version}.${role}.json`), role, delegator);
  }

  // As tuf-js does: what the keys of a newer root did not sign is forgotten.
  private recallTimestamp(): void {
    try {
      if (this.cached) this.store.updateTimestamp(this.cached.timestamp);
    } catch (error) {
      if (String(error).includes('expired')) return; // it still says how far this client has come
      if (!String(error).includes('timestamp was signed by 0/1 keys')) throw error;
      this.cached = null;
    }
  }

  // As tuf-js does: an older snapshot is trusted for what it lists, then refused as out of date.
  private rememberSnapshot(snapshot: Buffer): void {
    try {
      this.store.updateSnapshot(snapshot, true);
    } catch (error) {
      if (/match timestamp|expired/.test(String(error))) return;
      throw error;
    }
    throw new Error('an older snapshot was taken for the present one');
  }

  private newStore(now: Date): TrustedMetadataStore {
    const store = new TrustedMetadataStore(this.served.get('1.root.json'));
    Object.assign(store, { referenceTime: now });
    for (let version = 2; this.served.files.has(`${version}.root.json`); version += 1) {
      store.updateRoot(this.served.get(`${version}.root.json`));
    }
    return store;
  }
}
