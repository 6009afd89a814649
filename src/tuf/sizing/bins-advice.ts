import { BIN_COUNTS } from '../settings.js';
import { bytesOnTheWire } from './compression.js';
import {
  type ArtifactShape,
  artifactEntryBytes,
  artifactsBeside,
  emptyRoleBytes,
  sizeOfListing,
  sizeOfSnapshot,
} from './metadata-sizes.js';

/** A live repository whose artifacts are listed by targets, or by its bins. */
export interface ListedArtifacts {
  readonly artifacts: number;
  /** 0 where targets lists them itself. */
  readonly bins: number;
  /** Bytes of all the roles that list them. */
  readonly listingBytes: number;
  readonly snapshotBytes: number;
}

export interface BinsAdvice {
  readonly code: 'bins-few' | 'bins-excessive';
  readonly detail: string;
}

/** Below it, it hardly matters how a client's update could be smaller. */
const WORTH_A_WORD_BYTES = 100_000;
/** Changing the number of bins moves every artifact, and has each client load a lot once. */
const WORTH_A_CHANGE = 3;

/** Whether another number of bins would make updates much smaller, both for clients that compress and for others. */
export function binsAdvice(listed: ListedArtifacts): BinsAdvice | null {
  const { artifacts, bins, listingBytes, snapshotBytes } = listed;
  const now = { count: bins, snapshot: snapshotBytes, bin: listingBytes / Math.max(1, bins) };
  if (artifacts === 0 || bytesOf(now, false) < WORTH_A_WORD_BYTES) return null;
  const updates = BIN_COUNTS.map((count) => updateWith(count, listed));
  const best = smallest(updates, false);
  const isWorthIt = [false, true].every(
    (isCompressed) =>
      bytesOf(now, isCompressed) > WORTH_A_CHANGE * bytesOf(smallest(updates, isCompressed), isCompressed),
  );
  return isWorthIt ? { code: bins < best.count ? 'bins-few' : 'bins-excessive', detail: inWords(now, best) } : null;
}

interface Update {
  readonly count: number;
  readonly snapshot: number;
  readonly bin: number;
}

function updateWith(count: number, listed: ListedArtifacts): Update {
  const bins = { count, kind: 'succinct' } as const; // bins of either kind are as large
  const shape = { artifact: shapeOf(listed), bins, onlineKeys: 1, versions: SOME_VERSIONS };
  const bin = sizeOfListing(shape, artifactsBeside(listed.artifacts, bins), SOME_VERSIONS.bins);
  return { count, snapshot: sizeOfSnapshot(shape, 0, bin), bin };
}

const SOME_VERSIONS = { targets: 1, bins: 100, snapshot: 10_000, timestamp: 10_000 };

/** Artifacts that take as much room as these on average. */
function shapeOf({ artifacts, bins, listingBytes }: ListedArtifacts): ArtifactShape {
  const least = { pathBytes: 1, fileBytes: 1_000_000, sha512: false, customBytes: 0 };
  const entry = (listingBytes - Math.max(1, bins) * emptyRoleBytes(1, SOME_VERSIONS.bins)) / artifacts;
  return { ...least, pathBytes: Math.max(1, Math.round(entry - artifactEntryBytes(least) + least.pathBytes)) };
}

function smallest(updates: readonly Update[], isCompressed: boolean): Update {
  return updates.reduce((best, update) =>
    bytesOf(update, isCompressed) < bytesOf(best, isCompressed) ? update : best,
  );
}

function bytesOf({ snapshot, bin }: Update, isCompressed: boolean): number {
  return bytesOnTheWire(snapshot, 'snapshot', isCompressed) + bytesOnTheWire(bin, 'listing', isCompressed);
}

function inWords(now: Update, best: Update): string {
  const [bytesNow, bytesThen] = [now, best].map((update) => kilobytes(bytesOf(update, false)));
  const bins = best.count.toLocaleString('en-US');
  return `a client downloads ${bytesNow} to look up one artifact; with ${bins} bins it would be ${bytesThen}`;
}

function kilobytes(bytes: number): string {
  return `${Math.round(bytes / 1_000).toLocaleString('en-US')} kB`;
}
