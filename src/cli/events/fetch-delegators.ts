import { parseRoleName, ROOT, type RoleName, TARGETS } from '../../tuf/role-name.js';
import type { Repository, SigningEvent } from '../answers.js';
import { type RoleAnswer, rolePath } from '../roles/role-answer.js';
import type { Service } from '../service.js';
import { type Delegator, type DelegatorChain, NOBODY, parseDelegator } from './delegator-chain.js';
import { eventPath } from './open-event.js';

/** What delegates to the role of an open event, as it is served; whether that is to be believed is for others to check. */
export async function fetchDelegators(
  service: Service,
  repository: string,
  event: SigningEvent,
): Promise<DelegatorChain> {
  if (event.state !== 'open') return NOBODY;
  const rootVersion = await versionOfRoot(service, repository);
  const names = rootVersion === null ? [ROOT] : await delegatorsOf(service, repository, parseRoleName(event.role));
  const proposed = await proposalOf(service, repository, event, names.at(-1) ?? ROOT);
  const inForce: Delegator[] = [];
  for (const name of names) {
    const version = name === ROOT ? rootVersion : (await roleNamed(service, repository, name)).version;
    if (version === null) return { inForce: [], proposed };
    const document = await service.get(`repositories/${repository}/metadata/${version}.${name}.json`);
    inForce.push(parseDelegator(name, document, `version ${version} of ${name}`));
  }
  return { inForce, proposed };
}

async function versionOfRoot(service: Service, repository: string): Promise<number | null> {
  const { roles }: Repository = await service.get(`api/v1/repositories/${repository}`);
  return roles.find(({ name }) => name === ROOT)?.version ?? null;
}

/** From root down; ends where the service leads in a circle. */
async function delegatorsOf(service: Service, repository: string, role: RoleName): Promise<RoleName[]> {
  const names: RoleName[] = [];
  let name = role;
  while (name !== ROOT) {
    const delegator = name === TARGETS ? ROOT : (await roleNamed(service, repository, name)).delegator;
    name = parseRoleName(delegator ?? ROOT, 'delegator');
    if (names.includes(name)) return [];
    names.unshift(name);
  }
  return names;
}

async function proposalOf(
  service: Service,
  repository: string,
  { publishedTogetherWith }: SigningEvent,
  delegator: RoleName,
): Promise<Delegator | null> {
  for (const id of publishedTogetherWith) {
    const { role, metadata }: SigningEvent = await service.get(eventPath(repository, id));
    if (role === delegator) return parseDelegator(delegator, metadata, `${role} of event ${id}`);
  }
  return null;
}

function roleNamed(service: Service, repository: string, role: RoleName): Promise<RoleAnswer> {
  return service.get(rolePath(repository, role));
}
