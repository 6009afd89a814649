import type { ChainHead } from '../../audit-chain/chain.js';
import { ChainWalk } from '../../audit-chain/chain-walk.js';
import type { Root } from '../../tuf/metadata.js';
import { type AuditLog, chainName, type LogChain } from './audit-log.js';
import { doubtAbout, type KnownCheckpoint, servedCheckpoint } from './known-checkpoint.js';

/** What was found of one chain. */
export interface VerifiedChain extends ChainHead {
  readonly repository: string | null;
  /** Entries that have no place in the chain yet. */
  readonly unlinked: number;
  readonly faults: readonly string[];
}

/** A head that a chain is known to have had, and from where that is known. */
interface KnownHead extends ChainHead {
  readonly source: string;
}

/**
 * Computes every chain anew and compares it with every head that is known of it: what the service says, what it last
 * signed, and the checkpoints that were kept elsewhere.
 */
export async function verifiedLog(
  log: AuditLog,
  kept: readonly KnownCheckpoint[],
  roots: readonly Root[],
): Promise<VerifiedChain[]> {
  const served = log.chains.flatMap(({ repository, checkpoint }) => servedCheckpoint(repository, checkpoint));
  const checkpoints = [...served, ...kept];
  const known = new Map(log.chains.map((chain) => [chain.repository, knownHeads(chain, checkpoints)]));
  const walks = await walked(log, known);
  const chains = log.chains.map((chain) => verified(chain, known.get(chain.repository) ?? [], walks));
  return [...chains, ...withoutChain(log, kept)].map((chain) => withDoubts(chain, checkpoints, roots));
}

async function walked(
  log: AuditLog,
  known: ReadonlyMap<string | null, readonly KnownHead[]>,
): Promise<Map<string | null, ChainWalk>> {
  const lengths = new Map([...known].map(([chain, heads]) => [chain, new Set(heads.map(({ length }) => length))]));
  const walks = new Map([...lengths].map(([chain, of]) => [chain, new ChainWalk(chain, of)]));
  const furthest = new Map([...lengths].map(([chain, of]) => [chain, Math.max(...of)]));
  for await (const link of log.links(furthest)) walks.get(link.repository)?.follow(link);
  return walks;
}

function knownHeads({ repository, length, hash }: LogChain, checkpoints: readonly KnownCheckpoint[]): KnownHead[] {
  const signed = checkpoints.flatMap(({ source, checkpoint: { signed } }) => {
    if (repository === null) return [{ ...signed.chains.service, source: describeCheckpoint(source, signed) }];
    if (repository !== signed.repository) return [];
    return [{ ...signed.chains.repository, source: describeCheckpoint(source, signed) }];
  });
  return [{ length, hash, source: 'what the log says of itself' }, ...signed];
}

function verified(
  { repository, entries }: LogChain,
  known: readonly KnownHead[],
  walks: ReadonlyMap<string | null, ChainWalk>,
): VerifiedChain {
  const walk = walks.get(repository) ?? new ChainWalk(repository, new Set());
  const { head, fault } = walk;
  const unlinked = Math.max(0, entries - head.length);
  if (fault !== null) return { repository, ...head, unlinked, faults: [fault] };
  const faults = known.flatMap(({ source, ...of }) => {
    const difference = walk.differenceFrom(of);
    return difference === null ? [] : [`compared with ${source}, ${difference}`];
  });
  return { repository, ...head, unlinked, faults };
}

/** A checkpoint that was kept of a repository that the log does not know at all. */
function withoutChain({ chains }: AuditLog, kept: readonly KnownCheckpoint[]): VerifiedChain[] {
  const known = new Set(chains.map(({ repository }) => repository));
  return kept.flatMap(({ source, checkpoint: { signed } }) => {
    if (known.has(signed.repository)) return [];
    const faults = [`compared with ${describeCheckpoint(source, signed)}, the whole chain is gone`];
    return [{ repository: signed.repository, length: 0, hash: '', unlinked: 0, faults }];
  });
}

function withDoubts(
  chain: VerifiedChain,
  checkpoints: readonly KnownCheckpoint[],
  roots: readonly Root[],
): VerifiedChain {
  if (roots.length === 0) return chain;
  const doubts = checkpoints.flatMap((known) => {
    const { source, checkpoint } = known;
    const doubt = checkpoint.signed.repository === chain.repository ? doubtAbout(known, roots) : null;
    return doubt === null ? [] : [`${describeCheckpoint(source, checkpoint.signed)} proves nothing: ${doubt}`];
  });
  return { ...chain, faults: [...chain.faults, ...doubts] };
}

function describeCheckpoint(source: string, { repository, issued }: KnownCheckpoint['checkpoint']['signed']): string {
  return `the checkpoint of ${chainName(repository)} from ${issued} (${source})`;
}
