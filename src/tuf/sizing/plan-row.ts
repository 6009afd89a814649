import type { Bins } from '../hash-bins.js';
import { type ClientWarning, clientWarnings } from './client-warnings.js';
import { bytesOnTheWire, bytesStored } from './compression.js';
import { type MetadataSizes, metadataSizes } from './metadata-sizes.js';
import type { PlanAssumptions } from './plan-assumptions.js';
import { expectedBins, type PlanRates, planRates, versionsAfterAYear } from './plan-rates.js';

/** What so many bins come to. */
export interface PlanRow {
  /** 0 where targets lists the artifacts itself. */
  readonly bins: number;
  /** Bytes of the files, not compressed. */
  readonly files: MetadataSizes;
  /** Bytes that a client downloads, compressed where all clients that matter take that. */
  readonly download: {
    /** When it starts with nothing but root. */
    readonly first: number;
    /** When something was published since it was here last. */
    readonly returning: number;
    /** On average, over both. */
    readonly average: number;
  };
  /** Bytes of the new versions that one publish makes. */
  readonly bytesPerPublish: number;
  readonly perDay: {
    readonly revisions: number;
    /** Only because versions would expire. */
    readonly renewalSignatures: number;
    /** For everything. */
    readonly signatures: number;
    /** Bytes that all clients download. */
    readonly egress: number;
    /** Bytes that new versions take in the database. */
    readonly stored: number;
  };
  readonly warnings: readonly ClientWarning[];
}

export function planRow(assumptions: PlanAssumptions, count: number): PlanRow {
  const bins = count > 0 ? { count, kind: assumptions.binsKind } : null;
  const rates = planRates(assumptions, count);
  const files = metadataSizes({ ...assumptions, bins, versions: versionsAfterAYear(rates, count) });
  const download = downloads(assumptions, count, files);
  return {
    bins: count,
    files,
    download,
    bytesPerPublish: bytesPerPublish(rates, files),
    perDay: {
      revisions: rates.revisions,
      renewalSignatures: renewalSignatures(rates) * assumptions.onlineKeys,
      signatures: signatures(rates, files) * assumptions.onlineKeys,
      egress: egressPerDay(assumptions, rates, files, download),
      stored: storedPerDay(rates, files),
    },
    warnings: warningsOf(assumptions, bins, files),
  };
}

function downloads(assumptions: PlanAssumptions, count: number, files: MetadataSizes): PlanRow['download'] {
  const { artifactsPerUpdate, firstUpdates } = assumptions;
  const wire = onTheWire(assumptions, files, count);
  const wanted = loadsAllBins(assumptions)
    ? count * wire.bin
    : expectedBins(count, artifactsPerUpdate) * wire.binOfArtifact;
  // Without bins, targets is what a client looks into, and what has changed.
  const returning = wire.timestamp + wire.snapshot + (count > 0 ? wanted : wire.targets);
  const first = wire.root + wire.timestamp + wire.snapshot + wire.targets + wanted;
  return { first, returning, average: firstUpdates * first + (1 - firstUpdates) * returning };
}

function onTheWire({ readBy }: PlanAssumptions, files: MetadataSizes, count: number) {
  const isCompressed = readBy.length > 0 && readBy.every(({ takesGzip }) => takesGzip);
  return {
    root: bytesOnTheWire(files.root, 'other', isCompressed),
    timestamp: files.timestamp, // too small to be compressed
    snapshot: bytesOnTheWire(files.snapshot, 'snapshot', isCompressed),
    targets: bytesOnTheWire(files.targets, count > 0 ? 'other' : 'listing', isCompressed),
    bin: bytesOnTheWire(files.bin ?? 0, 'listing', isCompressed),
    binOfArtifact: bytesOnTheWire(files.binOfArtifact ?? 0, 'listing', isCompressed),
  };
}

function loadsAllBins({ readBy }: PlanAssumptions): boolean {
  return readBy.length > 0 && readBy.every((client) => client.loadsAllBins);
}

function bytesPerPublish({ binsPerPublish }: PlanRates, files: MetadataSizes): number {
  const { timestamp, snapshot, targets, binOfArtifact } = files;
  return (binOfArtifact === null ? targets : binsPerPublish * binOfArtifact) + snapshot + timestamp;
}

/** A renewal is a revision of its own, at most: what falls due within a second shares one. */
function renewalSignatures({ renewals: { targets, bins, snapshot, timestamp } }: PlanRates): number {
  return 3 * (targets + bins) + 2 * snapshot + timestamp;
}

function signatures(rates: PlanRates, { bin }: MetadataSizes): number {
  const roles = bin === null ? 1 : rates.binsPerPublish;
  return rates.publishes * (roles + 2) + renewalSignatures(rates);
}

function storedPerDay(rates: PlanRates, files: MetadataSizes): number {
  const { publishes, binsPerPublish, renewals } = rates;
  const stored = {
    timestamp: bytesStored(files.timestamp, 'other'),
    snapshot: bytesStored(files.snapshot, 'snapshot'),
    targets: bytesStored(files.targets, files.bin === null ? 'listing' : 'other'),
    bin: bytesStored(files.bin ?? 0, 'listing'),
    binOfArtifact: bytesStored(files.binOfArtifact ?? 0, 'listing'),
  };
  const published = files.bin === null ? stored.targets : binsPerPublish * stored.binOfArtifact;
  return (
    publishes * published +
    renewals.targets * stored.targets +
    renewals.bins * stored.bin +
    rates.snapshots * stored.snapshot +
    rates.revisions * stored.timestamp
  );
}

function egressPerDay(
  { clients, updatesPerDay, firstUpdates }: PlanAssumptions,
  { snapshots }: PlanRates,
  { timestamp }: MetadataSizes,
  { first, returning }: PlanRow['download'],
): number {
  // Revisions come at random moments; a client that finds nothing new has downloaded timestamp alone.
  const newSinceLastTime = updatesPerDay > 0 ? 1 - Math.exp(-snapshots / updatesPerDay) : 0;
  const returned = newSinceLastTime * returning + (1 - newSinceLastTime) * timestamp;
  return clients * updatesPerDay * (firstUpdates * first + (1 - firstUpdates) * returned);
}

function warningsOf({ readBy }: PlanAssumptions, bins: Bins | null, files: MetadataSizes): ClientWarning[] {
  const { root, timestamp, targets, bin } = files;
  const largestRole = Math.max(targets, bin ?? 0);
  return clientWarnings({ bins, files: { root, timestamp, largestRole }, rootVersion: 1 }, readBy);
}
