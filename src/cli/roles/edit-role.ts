import type { Task } from '../answers.js';
import type { CommandContext } from '../command-context.js';
import { type ExitCode, usageError } from '../command-error.js';
import { assertConfirmable, assertConfirmed } from '../confirmation.js';
import { type RoleAnswer, rolePath } from './role-answer.js';
import { type RoleFlags, roleFields } from './role-flags.js';
import { roleKeys } from './role-keys.js';
import { tellOutcome } from './role-outcome.js';
import { describeRole } from './role-text.js';

/** Changes what the flags name, of the role as it was just shown. */
export async function editRole(
  context: CommandContext,
  flags: RoleFlags,
  [name = '']: readonly string[],
): Promise<ExitCode> {
  assertConfirmable(context, flags);
  const keys = await roleKeys(context, flags.key ?? [], flags);
  const change = roleFields(flags, keys);
  if (Object.keys(change).length === 0) throw usageError('that changes nothing', 'See trs role edit --help.');
  const service = await context.connect();
  const { value: role, tag } = await service.getTagged<RoleAnswer>(rolePath(flags.repository, name));
  context.output.note(describeRole(role, new Date()));
  context.output.note(`\nIt shall have: ${JSON.stringify(change)}`);
  await assertConfirmed(flags, `Change role ${name}?`, 'nothing was changed');
  const recorded: Task = await service.patch(rolePath(flags.repository, name), change, { 'if-match': tag });
  const asked = { repository: flags.repository, role: name, done: `Role ${name} is changed` };
  return tellOutcome(context, service, asked, recorded, flags.wait);
}
