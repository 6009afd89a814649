import type { SignedMetadata, Targets } from '../../tuf/metadata.js';
import { parseForeignTargets, parseTargets } from '../../tuf/parse-targets.js';
import { describeTargetsChange } from '../../tuf/targets-diff.js';
import type { Task } from '../answers.js';
import type { CommandContext } from '../command-context.js';
import type { ExitCode } from '../command-error.js';
import type { ConfirmationFlags } from '../confirmation.js';
import { readJsonFile } from '../json-file.js';
import type { Service } from '../service.js';
import { confirmEdit } from './confirm-edit.js';
import { type RoleAnswer, rolePath } from './role-answer.js';
import { askForChange } from './role-outcome.js';
import { takesAway } from './takes-away.js';

export interface UploadFlags extends ConfirmationFlags {
  readonly repository: string;
  readonly wait: number;
}

/** Sends metadata that those who hold the keys of a role made and signed themselves. */
export async function uploadMetadata(
  context: CommandContext,
  flags: UploadFlags,
  [role = '', file = '']: readonly string[],
): Promise<ExitCode> {
  const { repository, wait } = flags;
  const { signatures, signed } = parseForeignTargets(await readJsonFile(file), file);
  const service = await context.connect();
  const before = await inForce(service, repository, role);
  const described = describeTargetsChange(before?.signed ?? null, signed);
  const changes = described.length > 0 ? described : ['nothing but its version'];
  await confirmEdit(context, role, { changes, isGrave: before !== null && takesAway(before.signed, signed) }, flags);
  const asked = { repository, role, done: `Version ${signed.version} of ${role} is published`, changes };
  const request = () => service.put<Task>(`${rolePath(repository, role)}/metadata`, { signatures, signed });
  return askForChange(context, service, asked, request, wait);
}

async function inForce(service: Service, repository: string, role: string): Promise<SignedMetadata<Targets> | null> {
  const { version }: RoleAnswer = await service.get(rolePath(repository, role));
  if (version === null) return null;
  const document = await service.get(`repositories/${repository}/metadata/${version}.${role}.json`);
  return parseTargets(document, `version ${version} of ${role}`);
}
