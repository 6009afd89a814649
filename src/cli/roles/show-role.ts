import type { CommandContext } from '../command-context.js';
import { EXIT, type ExitCode } from '../command-error.js';
import { type RoleAnswer, rolePath } from './role-answer.js';
import { describeRole } from './role-text.js';

export async function showRole(
  context: CommandContext,
  { repository }: { readonly repository: string },
  [name = '']: readonly string[],
): Promise<ExitCode> {
  const service = await context.connect();
  const role: RoleAnswer = await service.get(rolePath(repository, name));
  context.output.show(role, () => describeRole(role, new Date()));
  return EXIT.fine;
}
