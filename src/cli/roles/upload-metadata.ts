import { parseForeignTargets } from '../../tuf/parse-targets.js';
import type { Task } from '../answers.js';
import type { CommandContext } from '../command-context.js';
import type { ExitCode } from '../command-error.js';
import { readJsonFile } from '../json-file.js';
import { rolePath } from './role-answer.js';
import { tellOutcome } from './role-outcome.js';

/** Sends metadata that those who hold the keys of a role made and signed themselves. */
export async function uploadMetadata(
  context: CommandContext,
  { repository, wait }: { readonly repository: string; readonly wait: number },
  [role = '', file = '']: readonly string[],
): Promise<ExitCode> {
  const { signatures, signed } = parseForeignTargets(await readJsonFile(file), file);
  const service = await context.connect();
  const recorded: Task = await service.put(`${rolePath(repository, role)}/metadata`, { signatures, signed });
  const done = `Version ${signed.version} of ${role} is published`;
  return tellOutcome(context, service, { repository, role, done }, recorded, wait);
}
