import { missingRootSignatures } from '../../tuf/root-trust.js';
import { rootWarnings } from '../../tuf/root-warnings.js';
import type { CommandContext } from '../command-context.js';
import { type ExitCode, usageError } from '../command-error.js';
import { assertConfirmed } from '../confirmation.js';
import { publicHalf, requestOnlineKey } from '../keys/create-online-key.js';
import { keepOfflineKey } from '../keys/offline-key.js';
import { newPassphrase } from '../keys/passphrase.js';
import { type NamedKey, readPublicKeyFile } from '../keys/public-key-file.js';
import { counted } from '../moment.js';
import { writeNewJson } from '../new-file.js';
import type { Service } from '../service.js';
import { assertFilesFree, assertNameFree, effectiveSettings } from './ceremony-checks.js';
import { completeChoices } from './ceremony-choices.js';
import { type CeremonySummary, describeCeremony } from './ceremony-summary.js';
import { type CeremonyChoices, type CeremonyFlags, NEW_ONLINE_KEY } from './ceremony-terms.js';
import { createOrKeep, writeRequest } from './deliver-request.js';
import { firstRoot, rootExpiry, signFirstRoot, type TargetsSigners } from './first-root.js';
import { gatherRootKeys, type RootKeys } from './root-keys.js';

/** Makes and signs version 1 of root, and creates the repository with it or writes the request for it. */
export async function holdCeremony(context: CommandContext, flags: CeremonyFlags): Promise<ExitCode> {
  const choices = await completeChoices(context, flags);
  const { repository, threshold, rootOut } = choices;
  const settings = effectiveSettings(choices.settings);
  await assertFilesFree(choices, flags.out);
  const service = flags.out === undefined ? await context.connect() : null;
  if (service) await assertNameFree(service, repository);
  const keys = await gatherRootKeys(context, choices.rootKeys, flags);
  const passphrase = choices.rootKeys.newFiles.length > 0 ? await newPassphrase(context, flags) : undefined;
  const givenOnlineKey = choices.onlineKey === NEW_ONLINE_KEY ? null : await readPublicKeyFile(choices.onlineKey);
  const targets = await targetsSigners(choices.targets);
  const now = new Date();
  const expires = rootExpiry(now, choices.rootExpiryDays);
  const online = givenOnlineKey?.keyid ?? 'a new one, made by the service';

  const rootKeys = [...keys.signers, ...keys.absent];
  const draft = firstRoot({ rootKeys, threshold, online: givenOnlineKey, targets, expires });
  const summary = { choices, keys, online, settings, expires };
  await confirm(context, summary, rootWarnings(draft, now), now, flags);

  await keepNewKeys(context, keys, passphrase);
  const onlineKey = givenOnlineKey ?? (await newOnlineKey(service, repository));
  const root = await signFirstRoot(firstRoot({ rootKeys, threshold, online: onlineKey, targets, expires }), keys, now);
  await writeNewJson(rootOut, root);
  context.output.note(describeRootFile(rootOut, missingRootSignatures(root)));
  const request = { name: repository, settings: choices.settings, root };
  if (service) return createOrKeep(context, service, request, flags.wait);
  return writeRequest(context, request, flags.out ?? '', rootOut);
}

async function targetsSigners({ files, threshold }: CeremonyChoices['targets']): Promise<TargetsSigners | null> {
  if (files.length === 0) return null;
  return { keys: await Promise.all(files.map(readPublicKeyFile)), threshold };
}

async function confirm(
  { output }: CommandContext,
  summary: CeremonySummary,
  warnings: readonly string[],
  now: Date,
  flags: CeremonyFlags,
): Promise<void> {
  output.note(`${describeCeremony(summary, now)}\n`);
  for (const warning of warnings) output.warn(warning);
  const question = flags.out === undefined ? 'Sign root and create the repository?' : 'Sign root?';
  await assertConfirmed(flags, question, 'nothing was signed');
}

async function keepNewKeys({ output }: CommandContext, { made }: RootKeys, passphrase?: string): Promise<void> {
  if (made.length === 0) return;
  for (const key of made) await keepOfflineKey(key, passphrase);
  const files = made.map(({ file }) => file).join(', ');
  output.note(`New root keys: ${files}. Keep them offline and apart from each other.`);
}

async function newOnlineKey(service: Service | null, repository: string): Promise<NamedKey> {
  if (!service) throw usageError('--online-key FILE is missing');
  return publicHalf(await requestOnlineKey(service, `${repository} online`, 'ed25519'));
}

function describeRootFile(file: string, missing: number): string {
  if (missing === 0) return `The signed root is in ${file}: ship it with your clients, it is what they trust first.`;
  return `The root is in ${file}. It lacks ${counted(missing, 'signature')}: clients need it with all of them.`;
}
