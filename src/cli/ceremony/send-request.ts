import { isRepositoryName } from '../../http/repository-name.js';
import { TufError } from '../../tuf/errors.js';
import { readObject } from '../../tuf/fields.js';
import { parseRoot } from '../../tuf/parse-root.js';
import type { CommandContext } from '../command-context.js';
import { type ExitCode, usageError } from '../command-error.js';
import { readJsonFile } from '../json-file.js';
import { type CreationRequest, createRepository } from './create-repository.js';

export async function sendRequest(
  context: CommandContext,
  { wait }: { readonly wait: number },
  [file = '']: readonly string[],
): Promise<ExitCode> {
  const request = parseRequest(await readJsonFile(file), file);
  return createRepository(context, await context.connect(), request, wait);
}

/** Checks what matters to a person here; the service checks all of it. */
function parseRequest(content: unknown, file: string): CreationRequest {
  try {
    const { name, root } = readObject(content, 'it');
    if (typeof name !== 'string' || !isRepositoryName(name))
      throw new TufError('metadata-malformed', 'it names no repository');
    parseRoot(root);
    return content as CreationRequest;
  } catch (error) {
    if (!(error instanceof TufError)) throw error;
    throw usageError(`${file} is not a request as trs ceremony --out writes it: ${error.message}`);
  }
}
