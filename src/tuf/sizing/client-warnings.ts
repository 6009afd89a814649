import type { Bins } from '../hash-bins.js';
import { snapshotEntry } from '../snapshot-and-timestamp.js';
import type { ClientName, ClientTraits } from './clients.js';

/** A limit of some clients that a repository crosses. */
export interface ClientWarning {
  readonly code: 'bins-unreadable' | 'bins-slow' | 'file-large' | 'roots-many';
  /** Which of the clients. */
  readonly clients: readonly ClientName[];
  /** In words. */
  readonly detail: string;
}

/** What clients meet: of a plan or of a live repository. */
export interface ClientBurden {
  readonly bins: Bins | null;
  /** Bytes, not compressed. */
  readonly files: {
    readonly root: number;
    readonly timestamp: number;
    /** The largest of targets and the roles below it, bins among them. */
    readonly largestRole: number;
  };
  /** The version of root in force. */
  readonly rootVersion: number;
}

/** Which limits of these clients are crossed, each with those whose limit it is. */
export function clientWarnings(burden: ClientBurden, clients: readonly ClientTraits[]): ClientWarning[] {
  return [
    ...unreadableBins(burden, clients),
    ...slowBins(burden, clients),
    ...largeFiles(burden, clients),
    ...manyRoots(burden, clients),
  ];
}

function unreadableBins({ bins }: ClientBurden, clients: readonly ClientTraits[]): ClientWarning[] {
  if (!bins) return [];
  const blind = clients.filter(({ readsBins }) => !readsBins.includes(bins.kind));
  if (blind.length === 0) return [];
  return [warning('bins-unreadable', blind, `${bins.kind} bins cannot be read by ${namesOf(blind)}`)];
}

function slowBins({ bins }: ClientBurden, clients: readonly ClientTraits[]): ClientWarning[] {
  if (!bins) return [];
  return clients.flatMap((client) => {
    const { name, bins: limit } = client;
    if (!limit || limit.comfortable >= bins.count || !reads(client, bins)) return [];
    const detail = `${name} takes long with more than ${figure(limit.comfortable)} bins: ${limit.because}`;
    return [warning('bins-slow', [client], detail)];
  });
}

// Snapshot is never too large: timestamp states its length, and clients go by that.
function largeFiles({ files, bins }: ClientBurden, clients: readonly ClientTraits[]): ClientWarning[] {
  const readers = clients.filter((client) => !bins || reads(client, bins));
  const isLengthStated = snapshotEntry(1, files.largestRole).length !== undefined;
  return [
    ...largeFile('root', 'root', files.root, readers),
    ...largeFile('timestamp', 'timestamp', files.timestamp, readers),
    ...(isLengthStated ? [] : largeFile('targets', 'the largest role', files.largestRole, readers)),
  ];
}

function largeFile(
  file: 'root' | 'timestamp' | 'targets',
  what: string,
  bytes: number,
  clients: readonly ClientTraits[],
): ClientWarning[] {
  const refusing = clients.filter(({ bytesUnstated }) => bytesUnstated && bytesUnstated[file] < bytes);
  return [...Map.groupBy(refusing, ({ bytesUnstated }) => bytesUnstated?.[file] ?? 0)].map(([limit, those]) =>
    warning('file-large', those, `${what} has ${figure(bytes)} bytes, and ${namesOf(those)} read ${figure(limit)}`),
  );
}

function manyRoots({ rootVersion }: ClientBurden, clients: readonly ClientTraits[]): ClientWarning[] {
  const ahead = rootVersion - 1;
  const short = clients.filter(({ rootsAtOnce }) => rootsAtOnce !== null && rootsAtOnce < ahead);
  return [...Map.groupBy(short, ({ rootsAtOnce }) => rootsAtOnce ?? 0)].map(([limit, those]) =>
    warning(
      'roots-many',
      those,
      `root is at version ${figure(rootVersion)}, and ${namesOf(those)} take ${figure(limit)} next roots at once: ship a later one with them`,
    ),
  );
}

function reads({ readsBins }: ClientTraits, { kind }: Bins): boolean {
  return readsBins.includes(kind);
}

function warning(code: ClientWarning['code'], clients: readonly ClientTraits[], detail: string): ClientWarning {
  return { code, clients: clients.map(({ name }) => name), detail };
}

function namesOf(clients: readonly ClientTraits[]): string {
  const names = clients.map(({ name }) => name);
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

function figure(count: number): string {
  return Math.round(count).toLocaleString('en-US');
}
