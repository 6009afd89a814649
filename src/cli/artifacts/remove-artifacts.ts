import { parseArtifactPath } from '../../tuf/artifact-path.js';
import { TufError } from '../../tuf/errors.js';
import type { CommandContext } from '../command-context.js';
import { type ExitCode, usageError } from '../command-error.js';
import { publishInBatches } from './publish-in-batches.js';

export interface RemoveArtifactsFlags {
  readonly repository: string;
  readonly wait: number;
}

export async function removeArtifacts(
  context: CommandContext,
  flags: RemoveArtifactsFlags,
  paths: readonly string[],
): Promise<ExitCode> {
  const items = paths.map(checkedPath);
  return publishInBatches(context, await context.connect(), {
    ...flags,
    action: 'artifacts/removals',
    field: 'paths',
    items,
  });
}

/** @throws CommandError when no artifact can have this path. */
export function checkedPath(path: string): string {
  try {
    return parseArtifactPath(path, `${path}: an artifact path`);
  } catch (error) {
    throw error instanceof TufError ? usageError(error.message) : error;
  }
}
