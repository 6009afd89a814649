import type { Bins } from '../hash-bins.js';
import { type BinsAdvice, binsAdvice, type ListedArtifacts } from './bins-advice.js';
import { type ClientWarning, clientWarnings } from './client-warnings.js';
import { clientsReading } from './clients.js';

/** What a repository in use has come to. */
export interface LiveRepository {
  readonly artifacts: number;
  /** Those of targets. */
  readonly bins: Bins | null;
  readonly rootVersion: number;
  /** Bytes of the files in force. */
  readonly files: {
    readonly root: number;
    readonly timestamp: number;
    readonly snapshot: number;
    readonly targets: number;
  };
  /** All roles below targets; null where there are none. */
  readonly delegated: { readonly count: number; readonly bytes: number; readonly largestBytes: number } | null;
}

/** What clients or operators should know of. */
export interface RepositoryWarning {
  readonly code: ClientWarning['code'] | BinsAdvice['code'];
  /** The clients that it is about; none where it is about all of them. */
  readonly clients: ClientWarning['clients'];
  readonly detail: string;
}

export function repositoryWarnings(live: LiveRepository): RepositoryWarning[] {
  const { bins, rootVersion, files, delegated } = live;
  const largestRole = Math.max(files.targets, delegated?.largestBytes ?? 0);
  const burden = { bins, rootVersion, files: { ...files, largestRole } };
  const listed = listedArtifacts(live);
  const advice = listed && binsAdvice(listed);
  return [
    ...clientWarnings(burden, clientsReading(bins?.kind ?? null)),
    ...(advice ? [{ ...advice, clients: [] }] : []),
  ];
}

/** Null where named roles list artifacts: how many bins these would like cannot be told from here. */
function listedArtifacts({ artifacts, bins, files, delegated }: LiveRepository): ListedArtifacts | null {
  const { snapshot: snapshotBytes, targets } = files;
  if (bins && delegated?.count === bins.count) {
    return { artifacts, bins: bins.count, listingBytes: delegated.bytes, snapshotBytes };
  }
  return bins || delegated ? null : { artifacts, bins: 0, listingBytes: targets, snapshotBytes };
}
