import type { CommandContext } from '../command-context.js';
import { EXIT, type ExitCode } from '../command-error.js';
import { isBin, type RoleAnswer, rolesPath } from './role-answer.js';
import { describeRoles } from './role-text.js';

export interface ListRolesFlags {
  readonly repository: string;
  readonly all?: boolean;
}

/** With `--json`, too, bins are left out unless all are asked for. */
export async function listRoles(
  context: CommandContext,
  { repository, all = false }: ListRolesFlags,
): Promise<ExitCode> {
  const service = await context.connect();
  const roles = await service.all<RoleAnswer>(rolesPath(repository));
  const shown = all ? roles : roles.filter((role) => !isBin(role));
  context.output.show(shown, () => describeRoles(roles, all, new Date()));
  return EXIT.fine;
}
