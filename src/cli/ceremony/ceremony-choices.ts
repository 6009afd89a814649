import type { BinsKind } from '../../tuf/hash-bins.js';
import { DEFAULT_BINS } from '../../tuf/settings.js';
import type { CommandContext } from '../command-context.js';
import { usageError } from '../command-error.js';
import { questions } from './ceremony-questions.js';
import {
  type CeremonyChoices,
  type CeremonyFlags,
  DEFAULT_ROOT_EXPIRY_DAYS,
  NEW_ONLINE_KEY,
  newKeyFiles,
  type RootKeyChoices,
} from './ceremony-terms.js';

/** Takes the flags, and asks for the rest; takes the defaults with `--yes` and where there is nobody to ask. */
export async function completeChoices(context: CommandContext, flags: CeremonyFlags): Promise<CeremonyChoices> {
  const asks = context.isInteractive && flags.yes !== true;
  if (!asks && flags.yes !== true) throw usageError('--yes is missing, and there is nobody to ask for confirmation');
  const needed = <T>(given: T | undefined, flag: string, question: () => Promise<T>) => {
    if (given === undefined && !asks) throw usageError(`${flag} is missing`);
    return given ?? question();
  };
  const wanted = async <T>(given: T | undefined, fallback: T, question: (fallback: T) => Promise<T>) =>
    given ?? (asks ? question(fallback) : fallback);

  const repository = await needed(flags.repository, '--repository NAME', questions.repository);
  const rootKeys = await needed(rootKeysGiven(flags, repository), '--root-key FILE or --generate-keys NUMBER', () =>
    questions.rootKeys(repository),
  );
  const count = rootKeys.files.length + rootKeys.publicFiles.length + rootKeys.newFiles.length;
  const threshold = await wanted(flags.threshold, usualThreshold(count), (fallback) =>
    questions.threshold(fallback, count),
  );
  if (threshold > count) throw usageError(`a threshold of ${threshold} cannot be reached with ${count} root keys`);
  const rootExpiryDays = await wanted(flags.rootExpiryDays, DEFAULT_ROOT_EXPIRY_DAYS, questions.rootExpiryDays);
  const onlineKey = await onlineKeyChoice(flags, asks);
  const targets = targetsGiven(flags);
  const bins =
    flags.bins === false
      ? null
      : {
          count: await wanted(flags.bins, DEFAULT_BINS.count, questions.bins),
          kind: await wanted<BinsKind>(flags.binsKind, DEFAULT_BINS.kind, questions.binsKind),
        };
  const expiry = await wanted(flags.expiry, {}, questions.expiry);
  const settings = { bins, expiry, renewalWindow: flags.renewalWindow ?? {} };
  return {
    repository,
    rootKeys,
    threshold,
    rootExpiryDays,
    onlineKey,
    targets,
    settings,
    rootOut: flags.rootOut ?? `${repository}.root.json`,
  };
}

/** Losing one key must not lose root, and finding one must not be enough: a majority, but never all of two. */
export function usualThreshold(keys: number): number {
  return keys <= 2 ? 1 : Math.floor(keys / 2) + 1;
}

function rootKeysGiven(flags: CeremonyFlags, repository: string): RootKeyChoices | undefined {
  const { rootKey: files = [], publicRootKey: publicFiles = [], generateKeys = 0 } = flags;
  if (files.length + generateKeys === 0) return undefined;
  const folder = (flags.keysFolder ?? `${repository}-keys`).replace(/(?<=.)\/+$/, '');
  return { files, publicFiles, newFiles: newKeyFiles(generateKeys, folder) };
}

function targetsGiven({ targetsKey: files = [], targetsThreshold }: CeremonyFlags): CeremonyChoices['targets'] {
  const threshold = targetsThreshold ?? Math.max(1, files.length);
  if (files.length === 0 && targetsThreshold !== undefined) throw usageError('--targets-key FILE is missing');
  if (files.length > 0 && threshold > files.length) {
    throw usageError(`a threshold of ${threshold} cannot be reached with ${files.length} targets keys`);
  }
  return { files, threshold };
}

async function onlineKeyChoice({ onlineKey, out }: CeremonyFlags, asks: boolean): Promise<string> {
  if (out === undefined) return onlineKey ?? (asks ? questions.onlineKey() : NEW_ONLINE_KEY);
  if (onlineKey !== undefined && onlineKey !== NEW_ONLINE_KEY) return onlineKey;
  if (asks && onlineKey === undefined) return questions.onlineKeyFile();
  throw usageError(
    '--out works without the service, so --online-key FILE is needed',
    'Make it first: trs key online --name NAME --out FILE',
  );
}
