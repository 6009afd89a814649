import { TufError } from '../../tuf/errors.js';
import { parseSettings, type RepositorySettings } from '../../tuf/settings.js';
import type { Repository } from '../answers.js';
import type { CommandContext } from '../command-context.js';
import { CommandError, EXIT, type ExitCode, usageError } from '../command-error.js';
import { publicHalf, requestOnlineKey } from '../keys/create-online-key.js';
import { assertKeyFilesNotThere, keepOfflineKey } from '../keys/offline-key.js';
import { newPassphrase } from '../keys/passphrase.js';
import { type NamedKey, readPublicKeyFile } from '../keys/public-key-file.js';
import { assertNotThere, writeNewJson } from '../new-file.js';
import type { Service } from '../service.js';
import { completeChoices } from './ceremony-choices.js';
import { questions } from './ceremony-questions.js';
import { ceremonyWarnings, describeCeremony } from './ceremony-summary.js';
import { type CeremonyChoices, type CeremonyFlags, NEW_ONLINE_KEY, type SettingsRequest } from './ceremony-terms.js';
import { type CreationRequest, createRepository } from './create-repository.js';
import { firstRoot, rootExpiry, signFirstRoot } from './first-root.js';
import { secondsByRole } from './role-duration.js';
import { gatherRootKeys, type RootKeys } from './root-keys.js';

/** Makes and signs version 1 of root, and creates the repository with it or writes the request for it. */
export async function holdCeremony(context: CommandContext, flags: CeremonyFlags): Promise<ExitCode> {
  const choices = await completeChoices(context, flags);
  const settings = effectiveSettings(choices.settings);
  await assertNothingInTheWay(choices, flags);
  const service = flags.out === undefined ? await context.connect() : null;
  if (service) await assertNameIsFree(service, choices.repository);
  const keys = await gatherRootKeys(context, choices.rootKeys, flags);
  const passphrase = choices.rootKeys.newFiles.length > 0 ? await newPassphrase(context, flags) : undefined;
  const givenOnlineKey = choices.onlineKey === NEW_ONLINE_KEY ? null : await readPublicKeyFile(choices.onlineKey);
  const now = new Date();
  const expires = rootExpiry(now, choices.rootExpiryDays);
  const online = givenOnlineKey?.keyid ?? 'a new one, made by the service';

  context.output.note(`${describeCeremony({ choices, keys, online, settings, expires }, now)}\n`);
  const rootKeys = [...keys.signers, ...keys.absent];
  for (const warning of ceremonyWarnings(rootKeys.length, choices.threshold)) context.output.warn(warning);
  const question = service ? 'Sign root and create the repository?' : 'Sign root?';
  if (flags.yes !== true && !(await questions.confirmation(question)))
    throw new CommandError(EXIT.failed, 'nothing was signed');

  await keepNewKeys(context, keys, passphrase);
  const onlineKey = givenOnlineKey ?? (await newOnlineKey(service, choices.repository));
  const terms = { rootKeys, threshold: choices.threshold, online: onlineKey, expires };
  const root = await signFirstRoot(firstRoot(terms), keys, now);
  await writeNewJson(choices.rootOut, root);
  context.output.note(
    `The signed root is in ${choices.rootOut}: ship it with your clients, it is what they trust first.`,
  );

  const request = { name: choices.repository, settings: choices.settings, root };
  if (service) return createOrKeep(context, service, request, flags.wait);
  return writeRequest(context, request, flags.out ?? '', choices.rootOut);
}

function effectiveSettings({ bins, expiry, renewalWindow }: SettingsRequest): RepositorySettings {
  try {
    return parseSettings({ bins, expiry: secondsByRole(expiry), renewalWindow: secondsByRole(renewalWindow) });
  } catch (error) {
    throw error instanceof TufError ? usageError(error.message.replace(/^settings\./, '')) : error;
  }
}

async function assertNothingInTheWay({ rootOut, rootKeys }: CeremonyChoices, { out }: CeremonyFlags): Promise<void> {
  for (const file of [rootOut, ...(out === undefined ? [] : [out])]) await assertNotThere(file);
  for (const file of rootKeys.newFiles) await assertKeyFilesNotThere(file);
}

async function assertNameIsFree(service: Service, name: string): Promise<void> {
  try {
    const { state }: Repository = await service.get(`api/v1/repositories/${name}`);
    throw new CommandError(EXIT.failed, `there is a repository named ${name} already (${state})`, [
      'Choose another name.',
    ]);
  } catch (error) {
    if (!(error instanceof CommandError) || error.exitCode !== EXIT.notFound) throw error;
  }
}

async function keepNewKeys(
  context: CommandContext,
  { signers }: RootKeys,
  passphrase: string | undefined,
): Promise<void> {
  const made = signers.filter(({ isNew }) => isNew);
  if (made.length === 0) return;
  for (const key of made) await keepOfflineKey(key, passphrase);
  context.output.note(
    `New root keys: ${made.map(({ file }) => file).join(', ')}. Keep them offline and apart from each other.`,
  );
}

async function newOnlineKey(service: Service | null, repository: string): Promise<NamedKey> {
  if (!service) throw usageError('--online-key FILE is missing');
  return publicHalf(await requestOnlineKey(service, `${repository} online`, 'ed25519'));
}

// What people have signed must not be lost to a network that fails at the wrong moment.
async function createOrKeep(
  context: CommandContext,
  service: Service,
  request: CreationRequest,
  wait: number,
): Promise<ExitCode> {
  try {
    return await createRepository(context, service, request, wait);
  } catch (error) {
    if (!(error instanceof CommandError) || error.exitCode !== EXIT.unreachable) throw error;
    const file = `${request.name}.request.json`;
    await writeNewJson(file, request);
    throw new CommandError(error.exitCode, error.message, [
      ...error.details,
      `The signed request is kept. Send it again: trs send ${file}`,
    ]);
  }
}

async function writeRequest(
  { output }: CommandContext,
  request: CreationRequest,
  file: string,
  root: string,
): Promise<ExitCode> {
  await writeNewJson(file, request);
  output.show(
    { repository: request.name, request: file, root },
    () => `The request is in ${file}. From a machine with network: trs send ${file}`,
  );
  return EXIT.fine;
}
