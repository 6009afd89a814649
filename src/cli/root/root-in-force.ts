import { TufError } from '../../tuf/errors.js';
import type { Root, SignedMetadata } from '../../tuf/metadata.js';
import { parseRoot } from '../../tuf/parse-root.js';
import { missingRootSignatures } from '../../tuf/root-trust.js';
import type { Repository } from '../answers.js';
import { CommandError, EXIT, usageError } from '../command-error.js';
import { readJsonFile } from '../json-file.js';
import { counted } from '../moment.js';
import type { Service } from '../service.js';

export async function versionInForce(service: Service, repository: string): Promise<number> {
  const { roles, state }: Repository = await service.get(`api/v1/repositories/${repository}`);
  const root = roles.find(({ name }) => name === 'root');
  if (root) return root.version;
  throw new CommandError(EXIT.notFound, `${repository} has no root in force yet: it is ${state}`, [
    `What it waits for: trs repository show ${repository}`,
  ]);
}

/** The very document that clients download. */
export function servedRoot(service: Service, repository: string, version: number): Promise<unknown> {
  return service.get(`repositories/${repository}/metadata/${version}.root.json`);
}

/** A root that its own keys vouch for. @throws CommandError when it is none, or they do not. */
export function parseSignedRoot(document: unknown, source: string): SignedMetadata<Root> {
  const root = parse(document, source);
  const missing = missingRootSignatures(root);
  if (missing > 0) throw usageError(`${source} lacks ${counted(missing, 'signature')} of its own root keys`);
  return root;
}

export async function readRootMetadata(file: string): Promise<SignedMetadata<Root>> {
  const content = await readJsonFile(file);
  if (typeof content === 'object' && content !== null && 'event' in content) {
    throw usageError(`${file} holds signatures for a signing event`, `Send them: trs sign --send ${file}`);
  }
  return parse(content, file);
}

function parse(document: unknown, source: string): SignedMetadata<Root> {
  try {
    return parseRoot(document);
  } catch (error) {
    throw error instanceof TufError ? usageError(`${source} is not a TUF root: ${error.message}`) : error;
  }
}
