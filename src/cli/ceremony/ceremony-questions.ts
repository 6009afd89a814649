import { confirm, input, number, select } from '@inquirer/prompts';
import { isRepositoryName } from '../../http/repository-name.js';
import type { BinsKind } from '../../tuf/hash-bins.js';
import { DEFAULT_EXPIRY, LIFETIME_ROLES } from '../../tuf/settings.js';
import { questionStreams } from '../question-streams.js';
import { NEW_ONLINE_KEY, newKeyFiles, type RootKeyChoices } from './ceremony-terms.js';
import type { DurationsByRole } from './role-duration.js';

const SECONDS_A_DAY = 86_400;

/** What the ceremony asks a person; every question has a flag. */
export const questions = {
  repository: () =>
    input(
      { message: 'Name of the repository:', default: 'demo', validate: (text) => isRepositoryName(text) || nameRule },
      questionStreams,
    ),

  async rootKeys(repository: string): Promise<RootKeyChoices> {
    const isNew = await select(
      {
        message: 'Root keys:',
        choices: [
          { name: 'make new ones now', value: true },
          { name: 'use private keys that I have', value: false },
        ],
      },
      questionStreams,
    );
    const newFiles = isNew ? await newRootKeys(repository) : [];
    const files = isNew ? [] : await fileNames('Private key (PEM file, or key URI)', 1);
    const publicFiles = await fileNames('Public key (.pub.json) of somebody who signs later', 0);
    return { files, publicFiles, newFiles };
  },

  threshold: (fallback: number, count: number) =>
    askNumber(`How many of the ${count} root keys must sign:`, fallback, count),
  rootExpiryDays: (fallback: number) => askNumber('Days until root expires:', fallback, 7_300),

  async onlineKey(): Promise<string> {
    const isNew = await select(
      {
        message: 'Online key, for targets, snapshot and timestamp:',
        choices: [
          { name: 'let the service make a new one', value: true },
          { name: 'use one that I have in a file', value: false },
        ],
      },
      questionStreams,
    );
    return isNew ? NEW_ONLINE_KEY : questions.onlineKeyFile();
  },

  onlineKeyFile: () =>
    input({ message: 'File of the online key (from trs key online --out):', required: true }, questionStreams),
  bins: (fallback: number) => askNumber('Hash bins, a power of two (more for more artifacts):', fallback, 16_384),

  binsKind: (fallback: BinsKind) =>
    select<BinsKind>(
      {
        message: 'Kind of hash bins:',
        default: fallback,
        choices: [
          { name: 'succinct (small; most clients)', value: 'succinct' },
          { name: 'classic (every client, also tough)', value: 'classic' },
        ],
      },
      questionStreams,
    ),

  async expiry(fallback: DurationsByRole): Promise<DurationsByRole> {
    const usual = LIFETIME_ROLES.map((role) => `${role} ${DEFAULT_EXPIRY[role] / SECONDS_A_DAY}`).join(', ');
    if (await confirm({ message: `Days of validity: ${usual}. Fine?` }, questionStreams)) return fallback;
    const chosen: [string, { days: number }][] = [];
    for (const role of LIFETIME_ROLES) {
      const days = await askNumber(`Days that ${role} is valid:`, DEFAULT_EXPIRY[role] / SECONDS_A_DAY, 3_650);
      chosen.push([role, { days }]);
    }
    return Object.fromEntries(chosen);
  },
};

const nameRule = 'It must be 1 to 63 of a-z, 0-9 and "-", starting and ending with a letter or digit.';

async function newRootKeys(repository: string): Promise<string[]> {
  const count = await askNumber('How many new root keys:', 3, 50);
  const folder = await input({ message: 'Folder for them:', default: `${repository}-keys` }, questionStreams);
  return newKeyFiles(count, folder);
}

function askNumber(message: string, fallback: number, max: number): Promise<number> {
  return number({ message, default: fallback, min: 1, max, required: true }, questionStreams);
}

async function fileNames(what: string, minimum: number): Promise<string[]> {
  const files: string[] = [];
  for (;;) {
    const isNeeded = files.length < minimum;
    const message = isNeeded ? `${what}:` : `${what} (empty: no more):`;
    const file = await input({ message, required: isNeeded }, questionStreams);
    if (file === '') return files;
    files.push(file);
  }
}
