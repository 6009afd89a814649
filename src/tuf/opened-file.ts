import { TufError } from './errors.js';
import { readObject } from './fields.js';
import type { ListedFiles, MetaFile, Root, Signed, SignedMetadata, Snapshot, Targets } from './metadata.js';
import { type MetadataFile, sha256Hex } from './metadata-file.js';
import { parseSignedMetadata } from './parse-metadata.js';
import { parseRoot } from './parse-root.js';
import { assertEntry, parseSnapshot } from './parse-snapshot.js';
import { readTargets } from './read-targets.js';
import type { SnapshotEntries } from './snapshot-entries.js';
import { TargetFiles } from './target-files.js';

/** Metadata as a client reads it from the bytes it downloads; the object that the bytes were made of proves nothing. */
export function openFile<T extends Exclude<Signed, Snapshot | Targets>>(
  file: MetadataFile<T>,
  type: T['_type'],
): SignedMetadata<T> {
  return refusing(file.role, () => {
    const metadata = parseSignedMetadata(jsonOf(file), type, file.role) as SignedMetadata<T>;
    assertReadable(metadata.signed);
    return metadata;
  });
}

/** @param known entries of the published snapshot, which most of the next one repeats. */
export function openSnapshot(
  { role, bytes, metadata }: MetadataFile<Snapshot>,
  known?: SnapshotEntries,
): SignedMetadata<Snapshot> {
  return refusing(role, () => parseSnapshot(textOf(bytes), known, metadata.signed.meta));
}

/**
 * Where the bytes list what they were made of, that is kept, so that the text of the file is not.
 * @param known what the published version lists.
 */
export function openTargets(
  { role, bytes, metadata }: MetadataFile<Targets>,
  known: ListedFiles | undefined,
): SignedMetadata<Targets> {
  const { targets } = metadata.signed;
  const opened = refusing(role, () => readTargets(textOf(bytes), role, known, targets));
  if (!sameText(targets, opened.signed.targets)) return opened;
  return { ...opened, signed: { ...opened.signed, targets } };
}

function sameText(left: ListedFiles, right: ListedFiles): boolean {
  return left instanceof TargetFiles && right instanceof TargetFiles && left.canonical() === right.canonical();
}

export function openRoot(file: MetadataFile<Root>): SignedMetadata<Root> {
  return refusing(file.role, () => parseRoot(jsonOf(file)));
}

/** Checks a file against what its referrer says of it (specification 5.5.2, 5.6.2). */
export function assertDescribes(role: string, entry: MetaFile, version: number, bytes: Uint8Array): void {
  if (entry.version !== version) throw refuses(role, 'its referrer names another version');
  if (entry.length !== undefined && entry.length !== bytes.length)
    throw refuses(role, 'its referrer gives another length');
  if (entry.hashes && entry.hashes.sha256 !== sha256Hex(bytes)) throw refuses(role, 'its referrer gives another hash');
}

/** `unsigned` and `expired` may pass without anybody changing a change; `broken` does not. */
export type RefusalKind = 'unsigned' | 'expired' | 'broken';

/** Why a client would refuse a revision. */
export class ClientRefusal extends TufError {
  constructor(
    readonly kind: RefusalKind,
    role: string,
    reason: string,
    options?: ErrorOptions,
  ) {
    super('client-would-refuse', `a client would refuse ${role}: ${reason}`, role, options);
  }
}

export function refuses(role: string, reason: string, cause?: unknown): ClientRefusal {
  return new ClientRefusal('broken', role, reason, { cause });
}

function jsonOf({ bytes }: MetadataFile): unknown {
  return JSON.parse(textOf(bytes));
}

function textOf({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('utf8');
}

function assertReadable(signed: Exclude<Signed, Snapshot | Targets>): void {
  switch (signed._type) {
    case 'timestamp':
      for (const [name, entry] of Object.entries(readObject(signed.meta, 'meta'))) assertEntry(entry, name);
      readObject(signed.meta['snapshot.json'], 'meta.snapshot.json');
      return;
    case 'root':
      return;
    default:
      signed satisfies never;
  }
}

function refusing<T>(role: string, open: () => T): T {
  try {
    return open();
  } catch (cause) {
    throw refuses(role, cause instanceof Error ? cause.message : 'it cannot be read', cause);
  }
}
