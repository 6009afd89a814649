import { input } from '@inquirer/prompts';
import colors from 'picocolors';
import { TOP_LEVEL_ROLES } from '../../tuf/metadata.js';
import type { CommandContext } from '../command-context.js';
import { CommandError, EXIT, type ExitCode, usageError } from '../command-error.js';
import type { PassphraseFlags } from '../keys/passphrase.js';
import { readPublicKey } from '../keys/public-key.js';
import { describeMoment } from '../moment.js';
import { questionStreams } from '../question-streams.js';
import { isBin, type RoleAnswer, rolesPath } from '../roles/role-answer.js';
import { parseSignedRoot, servedRoot, versionInForce } from '../root/root-in-force.js';
import type { Service } from '../service.js';
import { type RecoveryPlan, recoveryPlan } from './recovery-plan.js';
import type { RoleAtRisk } from './role-at-risk.js';

export interface RecoverFlags extends PassphraseFlags {
  readonly repository: string;
  readonly stolen?: readonly string[];
  readonly lost?: readonly string[];
  readonly rootTaken?: boolean;
}

const KEY_ID = /^[0-9a-f]{8,64}$/;

/** Says what keys that are stolen or lost mean for each role, and what to do in which order; changes nothing. */
export async function recover(context: CommandContext, flags: RecoverFlags): Promise<ExitCode> {
  const given = await goneKeys(context, flags);
  const service = await context.connect();
  const roles = await rolesOf(service, flags.repository);
  const stolen = await keyIds(context, given.stolen, roles, flags);
  const lost = await keyIds(context, given.lost, roles, flags);
  const plan = recoveryPlan(flags.repository, roles, { stolen, lost, rootTaken: flags.rootTaken === true });
  context.output.show({ repository: flags.repository, stolen, lost, ...plan }, () => describePlan(plan, new Date()));
  return EXIT.fine;
}

/** Who signs the top-level roles is taken from the root that clients see, the rest from the service. */
async function rolesOf(service: Service, repository: string): Promise<RoleAtRisk[]> {
  const version = await versionInForce(service, repository);
  const document = await servedRoot(service, repository, version);
  const { signed } = parseSignedRoot(document, `root version ${version} of ${repository}`);
  const roles = rolesAtRisk(await service.all<RoleAnswer>(rolesPath(repository)));
  return roles.map((role) => {
    const topLevel = TOP_LEVEL_ROLES.find((name) => name === role.name);
    if (!topLevel) return role;
    const { keyids, threshold } = signed.roles[topLevel];
    return { ...role, keyIds: keyids, threshold };
  });
}

async function goneKeys(context: CommandContext, flags: RecoverFlags) {
  const { stolen = [], lost = [] } = flags;
  if (stolen.length + lost.length > 0 || flags.rootTaken) return { stolen, lost };
  const answer = (message: string) => input({ message }, questionStreams);
  const asked = await context.ask('--stolen or --lost', async () => ({
    stolen: await answer('Keys that somebody else may have (ids or files, with spaces; empty for none):'),
    lost: await answer('Keys that nobody can sign with any more (ids or files; empty for none):'),
  }));
  return { stolen: words(asked.stolen), lost: words(asked.lost) };
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

/** Ids may be given by their beginnings. */
async function keyIds(
  context: CommandContext,
  given: readonly string[],
  roles: readonly RoleAtRisk[],
  flags: RecoverFlags,
): Promise<string[]> {
  const known = [...new Set(roles.flatMap((role) => role.keyIds))];
  const ids: string[] = [];
  for (const key of given) {
    const start = KEY_ID.test(key) ? key : (await readPublicKey(context, key, flags)).keyid;
    const found = known.filter((id) => id.startsWith(start));
    if (found.length > 1) throw usageError(`several keys have ids that start with ${start}`, ...found);
    if (!found[0]) throw new CommandError(EXIT.notFound, `no role of ${flags.repository} is signed by ${key}`);
    ids.push(found[0]);
  }
  return ids;
}

export function rolesAtRisk(roles: readonly RoleAnswer[]): RoleAtRisk[] {
  return roles
    .filter((role) => !isBin(role))
    .flatMap((role) => {
      const { name, keyIds: keys, onlineKeyIds, threshold, delegator, bins, expires } = role;
      const kind = name === 'root' ? 'root' : delegator === 'root' ? 'top-level' : 'delegated';
      const own: RoleAtRisk = { name, kind, delegator, keyIds: keys, onlineKeyIds, threshold, expires };
      if (!bins) return [own];
      const ofBins: RoleAtRisk = {
        name: `bins of ${name}`,
        kind: 'bins',
        delegator: name,
        keyIds: bins.keyIds,
        onlineKeyIds: bins.keyIds,
        threshold: bins.threshold,
        expires: null,
        bins: { count: bins.count, kind: bins.kind },
      };
      return [own, ofBins];
    });
}

function describePlan({ findings, steps }: RecoveryPlan, now: Date): string {
  const found = findings.map(({ role, stolen, lost, danger, cannotBeSigned, deadline }) => {
    const gone = [stolen.length > 0 ? `${stolen.length} stolen` : '', lost.length > 0 ? `${lost.length} lost` : ''];
    const until = deadline ? `, and clients refuse it from ${describeMoment(deadline, now)} on` : '';
    const dead = cannotBeSigned ? `; too few keys are left to sign it${until}` : '';
    return `${colors.bold(role)} (${gone.filter(Boolean).join(', ')}): ${danger}${dead}`;
  });
  const todo = steps.map(({ what, commands, instead = [] }, index) =>
    [
      `${index + 1}. ${what}`,
      ...commands.map((command) => `     ${command}`),
      ...instead.map((command) => `   or ${command}`),
    ].join('\n'),
  );
  return [found.length > 0 ? found.join('\n') : 'No role is signed by these keys.', ...todo].join('\n\n');
}
