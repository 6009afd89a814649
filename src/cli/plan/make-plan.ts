import { parseSettings } from '../../tuf/settings.js';
import { clientsNamed, clientsReading } from '../../tuf/sizing/clients.js';
import type { PlanAssumptions } from '../../tuf/sizing/plan-assumptions.js';
import { repositoryPlan } from '../../tuf/sizing/repository-plan.js';
import { secondsByRole } from '../ceremony/role-duration.js';
import type { CommandContext } from '../command-context.js';
import { EXIT, type ExitCode } from '../command-error.js';
import type { PlanFlags } from './plan-flags.js';
import { describePlan } from './plan-text.js';

export async function makePlan({ output }: CommandContext, flags: PlanFlags): Promise<ExitCode> {
  const assumptions = assumptionsOf(flags);
  const plan = repositoryPlan(assumptions);
  const { readBy, ...figures } = assumptions;
  const document = { assumptions: { ...figures, readBy: readBy.map(({ name }) => name) }, ...plan };
  output.show(document, () => describePlan(assumptions, plan));
  return EXIT.fine;
}

function assumptionsOf(flags: PlanFlags): PlanAssumptions {
  const { lifetimes } = parseSettings({
    expiry: secondsByRole(flags.expiry ?? {}),
    renewalWindow: secondsByRole(flags.renewalWindow ?? {}),
  });
  return {
    artifacts: flags.artifacts,
    artifact: {
      pathBytes: flags.pathBytes,
      fileBytes: flags.fileBytes,
      sha512: flags.sha512 === true,
      customBytes: flags.customBytes,
    },
    changesPerDay: flags.perDay,
    changesPerPublish: flags.perPublish,
    clients: flags.clients,
    updatesPerDay: flags.updatesPerDay,
    artifactsPerUpdate: flags.artifactsPerUpdate,
    firstUpdates: flags.firstUpdates,
    binsKind: flags.binsKind,
    rootKeys: flags.rootKeys,
    onlineKeys: flags.onlineKeys,
    lifetimes,
    readBy: flags.readBy ? clientsNamed(flags.readBy) : clientsReading(flags.binsKind),
  };
}
