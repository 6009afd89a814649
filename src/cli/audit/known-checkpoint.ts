import { type Checkpoint, checkpointSigners, parseCheckpoint } from '../../audit-chain/checkpoint.js';
import type { Root } from '../../tuf/metadata.js';
import { keysOfTopLevelRole } from '../../tuf/root-trust.js';
import { usageError } from '../command-error.js';
import { readJsonFile } from '../json-file.js';

/** A checkpoint, and where it was kept. */
export interface KnownCheckpoint {
  readonly source: string;
  readonly checkpoint: Checkpoint;
}

export async function readCheckpoint(file: string): Promise<KnownCheckpoint> {
  return { source: file, checkpoint: checked(await readJsonFile(file), file) };
}

/** The one that the service keeps of a chain, if it has one. */
export function servedCheckpoint(repository: string | null, value: unknown): KnownCheckpoint[] {
  if (value === null || value === undefined) return [];
  return [{ source: 'the service', checkpoint: checked(value, `what the service keeps for ${repository}`) }];
}

/** Why nobody has to believe this checkpoint, or null where a timestamp key of one of these roots signed it. */
export function doubtAbout({ checkpoint }: KnownCheckpoint, roots: readonly Root[]): string | null {
  const isSigned = roots.some(
    (root) => checkpointSigners(checkpoint, keysOfTopLevelRole(root, 'timestamp')).length > 0,
  );
  return isSigned ? null : 'no timestamp key of the given root signed it';
}

function checked(value: unknown, source: string): Checkpoint {
  try {
    return parseCheckpoint(value);
  } catch (error) {
    throw usageError(`${source} is no checkpoint of an audit log: ${error instanceof Error ? error.message : error}`);
  }
}
