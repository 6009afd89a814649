import type { Task } from '../answers.js';
import type { CommandContext } from '../command-context.js';
import type { ExitCode } from '../command-error.js';
import { assertConfirmable, assertConfirmed, type ConfirmationFlags } from '../confirmation.js';
import { type RoleAnswer, rolePath } from './role-answer.js';
import { askForChange } from './role-outcome.js';
import { describeRole } from './role-text.js';

export interface RemoveRoleFlags extends ConfirmationFlags {
  readonly repository: string;
  readonly artifacts: 'move' | 'remove';
  readonly wait: number;
}

export async function removeRole(
  context: CommandContext,
  flags: RemoveRoleFlags,
  [name = '']: readonly string[],
): Promise<ExitCode> {
  const { repository, artifacts, wait } = flags;
  assertConfirmable(context, flags);
  const service = await context.connect();
  const { value: role, tag } = await service.getTagged<RoleAnswer>(rolePath(repository, name));
  context.output.note(describeRole(role, new Date()));
  const what = artifacts === 'move' ? 'its artifacts move to other roles' : 'its artifacts are removed with it';
  await assertConfirmed(flags, `Remove role ${name}? ${what}.`, 'nothing was removed');
  const asked = { repository, role: name, done: `Role ${name} is removed` };
  const request = () => service.delete<Task>(rolePath(repository, name), { artifacts }, { 'if-match': tag });
  return askForChange(context, service, asked, request, wait);
}
