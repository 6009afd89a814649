import type { Task } from '../answers.js';
import type { CommandContext } from '../command-context.js';
import { type ExitCode, usageError } from '../command-error.js';
import { rolesPath } from './role-answer.js';
import { type RoleFlags, roleFields } from './role-flags.js';
import { roleKeys } from './role-keys.js';
import { askForChange } from './role-outcome.js';

export interface AddRoleFlags extends RoleFlags {
  readonly delegator: string;
}

export async function addRole(
  context: CommandContext,
  flags: AddRoleFlags,
  [name = '']: readonly string[],
): Promise<ExitCode> {
  const { repository, delegator, wait } = flags;
  const keys = await roleKeys(context, flags.key ?? [], flags);
  if (keys.length === 0) throw usageError('--key FILE or --key KEYID is missing: who signs this role?');
  if (!flags.path && !flags.pathHashPrefix && !flags.anyPath)
    throw usageError('--path PATTERN or --any-path is missing');
  const service = await context.connect();
  const asked = { repository, role: name, done: `${delegator} delegates to ${name}` };
  const request = () => service.post<Task>(rolesPath(repository), { name, delegator, ...roleFields(flags, keys) });
  return askForChange(context, service, asked, request, wait);
}
