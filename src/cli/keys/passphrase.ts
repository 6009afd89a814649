import { password } from '@inquirer/prompts';
import type { CommandContext } from '../command-context.js';
import { usageError } from '../command-error.js';
import { readTextFile } from '../json-file.js';
import { questionStreams } from '../question-streams.js';

export interface PassphraseFlags {
  /** False with `--no-passphrase`. */
  readonly passphrase?: boolean;
  readonly passphraseFile?: readonly string[];
}

const MINIMUM_LENGTH = 8;

/** The passphrase for new keys, or undefined where the user wants none. */
export async function newPassphrase(context: CommandContext, flags: PassphraseFlags): Promise<string | undefined> {
  if (flags.passphrase === false) return undefined;
  const [given] = await givenPassphrases(context, flags);
  if (given === undefined) return context.ask('--passphrase-file or --no-passphrase', askTwice);
  if (given.length < MINIMUM_LENGTH) throw usageError(tooShort);
  return given;
}

/** What may open keys that there are: the passphrase files in their order, then the environment. */
export async function givenPassphrases(
  { environment }: CommandContext,
  { passphraseFile = [] }: PassphraseFlags,
): Promise<string[]> {
  const fromFiles = await Promise.all(
    passphraseFile.map(async (file) => (await readTextFile(file)).replace(/\r?\n$/, '')),
  );
  return environment.offlinePassphrase === undefined ? fromFiles : [...fromFiles, environment.offlinePassphrase];
}

export function askPassphraseOf(context: CommandContext, file: string): Promise<string> {
  return context.ask('--passphrase-file', () =>
    password({ message: `Passphrase of ${file}:`, mask: true }, questionStreams),
  );
}

const tooShort = `a passphrase must have at least ${MINIMUM_LENGTH} characters`;

async function askTwice(): Promise<string> {
  const first = await password(
    {
      message: 'Passphrase for the private key:',
      mask: true,
      validate: (text) => text.length >= MINIMUM_LENGTH || tooShort,
    },
    questionStreams,
  );
  await password(
    { message: 'The same again:', mask: true, validate: (text) => text === first || 'they differ' },
    questionStreams,
  );
  return first;
}
