import type { RequestedChange } from './change.js';
import type { KeyId } from './key.js';
import type { Signed, SignedMetadata } from './metadata.js';
import { type PublishedMetadata, publishedTree } from './repository-state.js';
import { metaFileName, type RoleName, TARGETS } from './role-name.js';

/** By how much the next version of timestamp goes beyond the one after `current`, as changes ask for. */
export function leapOf(changes: readonly RequestedChange[], current: number): number {
  const beyond = changes.map(({ change }) => (change.kind === 'resign' ? (change.beyond ?? 0) : 0));
  return Math.max(0, ...beyond.map((version) => version - current));
}

/**
 * What is published, as if so many versions more of all that the service signs had been, which a restored backup does not
 * know. No role has had more versions than timestamp, so what follows has numbers that no client has seen.
 * @param published with every delegated role
 */
export function leapt(published: PublishedMetadata, leap: number, onlineKeys: ReadonlySet<KeyId>): PublishedMetadata {
  const tree = publishedTree(published);
  const isOnline = (role: RoleName) => {
    const trusted = tree.keysOf(role);
    return trusted !== null && trusted.keyids.filter((id) => onlineKeys.has(id)).length >= trusted.threshold;
  };
  const { timestamp, snapshot, targets } = published;
  const online = [TARGETS, ...tree.names()].filter(isOnline);
  const entries = online.flatMap((role) => {
    const name = metaFileName(role);
    const entry = snapshot.signed.meta.get(name);
    return entry ? [[name, { ...entry, version: entry.version + leap }] as const] : [];
  });
  const meta = snapshot.signed.meta.with(new Map(entries));
  return {
    ...published,
    timestamp: later(timestamp, leap),
    snapshot: { ...snapshot, signed: { ...snapshot.signed, version: snapshot.signed.version + leap, meta } },
    targets: isOnline(TARGETS) ? later(targets, leap) : targets,
    delegated: new Map(
      [...published.delegated].map(([role, metadata]) => [role, isOnline(role) ? later(metadata, leap) : metadata]),
    ),
  };
}

function later<T extends Signed>(metadata: SignedMetadata<T>, leap: number): SignedMetadata<T> {
  return { ...metadata, signed: { ...metadata.signed, version: metadata.signed.version + leap } };
}
