import type { CommandContext } from '../command-context.js';
import { EXIT, type ExitCode } from '../command-error.js';
import { openEvents } from '../events/open-event.js';
import type { Service } from '../service.js';
import { isBin, type RoleAnswer, rolePath, rolesPath } from './role-answer.js';
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
  const published = await service.all<RoleAnswer>(rolesPath(repository));
  const roles = [...published, ...(await rolesToCome(service, repository, published))];
  const shown = all ? roles : roles.filter((role) => !isBin(role));
  context.output.show(shown, () => describeRoles(repository, roles, all, new Date()));
  return EXIT.fine;
}

/** Those that nobody has signed yet. */
async function rolesToCome(
  service: Service,
  repository: string,
  published: readonly RoleAnswer[],
): Promise<RoleAnswer[]> {
  if (published.length === 0) return [];
  const known = new Set(published.map(({ name }) => name));
  const events = await openEvents(service, repository);
  const names = events.map(({ role }) => role).filter((role) => !known.has(role));
  return Promise.all(names.map((name) => service.get<RoleAnswer>(rolePath(repository, name))));
}
