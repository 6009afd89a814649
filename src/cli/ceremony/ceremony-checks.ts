import { TufError } from '../../tuf/errors.js';
import { parseSettings, type RepositorySettings } from '../../tuf/settings.js';
import type { Repository } from '../answers.js';
import { CommandError, EXIT, usageError } from '../command-error.js';
import { assertKeyFilesNotThere } from '../keys/offline-key.js';
import { assertNotThere } from '../new-file.js';
import type { Service } from '../service.js';
import type { CeremonyChoices, SettingsRequest } from './ceremony-terms.js';
import { secondsByRole } from './role-duration.js';

/** The settings with all defaults. @throws CommandError for what the service would refuse. */
export function effectiveSettings({ bins, expiry, renewalWindow }: SettingsRequest): RepositorySettings {
  try {
    return parseSettings({ bins, expiry: secondsByRole(expiry), renewalWindow: secondsByRole(renewalWindow) });
  } catch (error) {
    throw error instanceof TufError ? usageError(error.message.replace(/^settings\./, '')) : error;
  }
}

/** Refuses before anybody signs anything that could then not be written. */
export async function assertFilesFree({ rootOut, rootKeys }: CeremonyChoices, out: string | undefined): Promise<void> {
  for (const file of [rootOut, ...(out === undefined ? [] : [out])]) await assertNotThere(file);
  for (const file of rootKeys.newFiles) await assertKeyFilesNotThere(file);
}

export async function assertNameFree(service: Service, name: string): Promise<void> {
  try {
    const { state }: Repository = await service.get(`api/v1/repositories/${name}`);
    throw new CommandError(EXIT.failed, `there is a repository named ${name} already (${state})`, [
      'Choose another name.',
    ]);
  } catch (error) {
    if (!(error instanceof CommandError) || error.exitCode !== EXIT.notFound) throw error;
  }
}
