import { type Artifact, parseArtifact } from '../../tuf/artifact.js';
import { parseArtifactPath } from '../../tuf/artifact-path.js';
import { TufError } from '../../tuf/errors.js';
import type { CommandContext } from '../command-context.js';
import { CommandError, EXIT, type ExitCode, usageError } from '../command-error.js';
import { inParallel } from '../in-parallel.js';
import { counted } from '../moment.js';
import { Progress } from '../progress.js';
import { hashFile } from './hash-file.js';
import { findLocalFiles, type LocalFile, type PathRules } from './local-file.js';
import { publishInBatches } from './publish-in-batches.js';

export interface AddArtifactsFlags extends PathRules {
  readonly repository: string;
  readonly custom?: string;
  readonly idempotencyKey?: string;
  readonly wait: number;
}

const FILES_AT_ONCE = 8;

export async function addArtifacts(
  context: CommandContext,
  flags: AddArtifactsFlags,
  named: readonly string[],
): Promise<ExitCode> {
  const custom = parseCustom(flags.custom);
  const files = await findLocalFiles(named, flags, (text) => context.output.warn(text));
  if (files.length === 0) throw usageError(`there is no file in ${named.join(', ')}`);
  assertPathsAllowed(files);
  const service = await context.connect();
  const artifacts = await describeFiles(files, custom);
  return publishInBatches(context, service, { ...flags, action: 'artifacts', field: 'artifacts', items: artifacts });
}

async function describeFiles(files: readonly LocalFile[], custom: object | undefined): Promise<Artifact[]> {
  const total = files.reduce((sum, { size }) => sum + size, 0);
  const progress = new Progress(`Hashing ${counted(files.length, 'file')}`, total);
  try {
    return await inParallel(files, FILES_AT_ONCE, async ({ file, artifactPath, size }) => {
      const digest = await hashFile(file, size, (count) => progress.advance(count));
      return parseArtifact({ path: artifactPath, ...digest, ...(custom && { custom }) }, artifactPath);
    });
  } finally {
    progress.stop();
  }
}

// Everything that is wrong at once, before anything is sent.
function assertPathsAllowed(files: readonly LocalFile[]): void {
  const refusals = files.flatMap(({ file, artifactPath }) => {
    try {
      parseArtifactPath(artifactPath, `${file}: the artifact path`);
      return [];
    } catch (error) {
      if (error instanceof TufError) return [error.message];
      throw error;
    }
  });
  if (refusals.length > 0)
    throw new CommandError(EXIT.failed, 'nothing was sent, for clients could not use these paths', refusals);
}

function parseCustom(text: string | undefined): object | undefined {
  if (text === undefined) return undefined;
  const custom = parseJson(text);
  if (typeof custom !== 'object' || custom === null || Array.isArray(custom))
    throw usageError('--custom must be a JSON object');
  try {
    parseArtifact({ path: 'any', length: 0, hashes: { sha256: '0'.repeat(64) }, custom }, 'the file');
    return custom;
  } catch (error) {
    throw error instanceof TufError ? usageError(error.message.replace('the file.custom', '--custom')) : error;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw usageError('--custom is not JSON');
  }
}
