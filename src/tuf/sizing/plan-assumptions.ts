import type { BinsKind } from '../hash-bins.js';
import type { RepositorySettings } from '../settings.js';
import type { ClientTraits } from './clients.js';
import type { ArtifactShape } from './metadata-sizes.js';

/** What a plan is made for. */
export interface PlanAssumptions {
  readonly artifacts: number;
  readonly artifact: ArtifactShape;
  /** Artifacts added, replaced or removed in a day. */
  readonly changesPerDay: number;
  /** How many of them clients see at once: those of one request, or of all that waited together. */
  readonly changesPerPublish: number;
  readonly clients: number;
  /** How often each of them asks what is new. */
  readonly updatesPerDay: number;
  /** How many artifacts it looks for each time. */
  readonly artifactsPerUpdate: number;
  /** The share of updates that start with nothing but root, as in a fresh container: 0 to 1. */
  readonly firstUpdates: number;
  readonly binsKind: BinsKind;
  readonly rootKeys: number;
  readonly onlineKeys: number;
  readonly lifetimes: RepositorySettings['lifetimes'];
  /** The clients that matter. */
  readonly readBy: readonly ClientTraits[];
}
