import { InvalidArgumentError, Option } from 'commander';
import { isRepositoryName } from '../http/repository-name.js';

/** `--flag FILE`, any number of times. */
export function gathered(flags: string, description: string): Option {
  return new Option(flags, description).argParser((value: string, before: readonly string[] | undefined) => [
    ...(before ?? []),
    value,
  ]);
}

export function passphraseFileOption(description: string): Option {
  return gathered('--passphrase-file <file>', `${description} (or TRS_OFFLINE_PASSPHRASE; otherwise you are asked)`);
}

export function repositoryOption(): Option {
  return new Option('--repository <name>', 'the name of the repository')
    .argParser(parseRepositoryName)
    .makeOptionMandatory();
}

export function waitOption(): Option {
  return new Option('--wait <seconds>', 'how long to wait until clients see the change')
    .argParser(parseSeconds)
    .default(60);
}

export function parseRepositoryName(text: string): string {
  if (isRepositoryName(text)) return text;
  throw new InvalidArgumentError('It must be 1 to 63 of a-z, 0-9 and "-", starting and ending with a letter or digit.');
}

export function parseKeyId(text: string): string {
  if (/^[0-9a-f]{64}$/.test(text)) return text;
  throw new InvalidArgumentError('It must be the id of a key: 64 lower-case hex digits.');
}

export function parseCount(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number of at least 1.');
}

/** The service gives out no longer pages. */
export function parsePageLimit(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text) && Number(text) <= 1_000) return Number(text);
  throw new InvalidArgumentError('It must be a whole number from 1 to 1000.');
}

/** The service takes no root that expires later than in 20 years. */
export function parseRootDays(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text) && Number(text) <= 7_300) return Number(text);
  throw new InvalidArgumentError('It must be a whole number of days from 1 to 7300.');
}

function parseSeconds(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number of seconds.');
}
