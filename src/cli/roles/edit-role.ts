import type { Task } from '../answers.js';
import type { CommandContext } from '../command-context.js';
import { type ExitCode, usageError } from '../command-error.js';
import { confirmEdit } from './confirm-edit.js';
import { type RoleAnswer, rolePath } from './role-answer.js';
import { roleDifference } from './role-difference.js';
import { type RoleFields, type RoleFlags, roleFields } from './role-flags.js';
import { roleKeys } from './role-keys.js';
import { askForChange } from './role-outcome.js';

/** Changes what the flags name, of the role as it was just looked at. */
export async function editRole(
  context: CommandContext,
  flags: RoleFlags,
  [name = '']: readonly string[],
): Promise<ExitCode> {
  const { repository, wait } = flags;
  const named = roleFields(flags, await roleKeys(context, flags.key ?? [], flags));
  if (Object.keys(named).length === 0) throw usageError('that changes nothing', 'See trs role edit --help.');
  const service = await context.connect();
  const { value: role, tag } = await service.getTagged<RoleAnswer>(rolePath(repository, name));
  if (role.signingEvent) context.output.warn(earlierEdit(role, repository));
  const fields = withThreshold(named, role);
  const difference = roleDifference(role, fields);
  await confirmEdit(context, name, difference, flags);
  const asked = { repository, role: name, done: `Role ${name} is changed`, changes: difference.changes };
  const request = () => service.patch<Task>(rolePath(repository, name), fields, { 'if-match': tag });
  return askForChange(context, service, asked, request, wait);
}

function earlierEdit({ name, signingEvent }: RoleAnswer, repository: string): string {
  return `the next version of ${name} waits for signatures already; what that changes is not told here, and stays: trs event show ${signingEvent} --repository ${repository}`;
}

/** Other keys do not lower the threshold unless somebody says so. */
export function withThreshold<Fields extends Pick<RoleFields, 'keys' | 'threshold'>>(
  fields: Fields,
  before: { readonly threshold: number } | null,
): Fields {
  if (!fields.keys || fields.threshold !== undefined || !before) return fields;
  if (before.threshold <= fields.keys.length) return { ...fields, threshold: before.threshold };
  throw usageError(`the threshold is ${before.threshold}, more than there would be keys`, 'Give --threshold as well.');
}
