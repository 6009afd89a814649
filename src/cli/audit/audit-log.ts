import type { ChainHead } from '../../audit-chain/chain.js';
import type { ReadLink } from '../../audit-chain/chain-walk.js';

/** How far a chain goes, as the service says. */
export interface LogChain extends ChainHead {
  /** Null for the chain of what concerns no single repository. */
  readonly repository: string | null;
  /** How many entries there are, with those that have no place in the chain yet. */
  readonly entries: number;
  /** The last one that the service keeps. Checked where it is used. */
  readonly checkpoint: unknown;
}

export interface LogLink extends ReadLink {
  readonly repository: string | null;
}

/** An audit log, wherever it is read from. */
export interface AuditLog {
  readonly chains: readonly LogChain[];
  /** Chain by chain, each in its order, as far as `lengths` says at least. */
  links(lengths: ReadonlyMap<string | null, number>): AsyncIterable<LogLink>;
}

export function chainName(repository: string | null): string {
  return repository ?? '(service)';
}
