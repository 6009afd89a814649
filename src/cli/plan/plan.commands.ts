import { type Command, Option } from 'commander';
import { MAXIMUM_CUSTOM_BYTES } from '../../tuf/artifact.js';
import { DEFAULT_BINS } from '../../tuf/settings.js';
import { CLIENT_NAMES } from '../../tuf/sizing/clients.js';
import type { BindAction } from '../bind-action.js';
import { gatherRoleDurations } from '../ceremony/role-duration.js';
import { parseCount } from '../options.js';
import { makePlan } from './make-plan.js';
import {
  parseAmount,
  parseCustomBytes,
  parsePathBytes,
  parsePositiveAmount,
  parseShare,
  parseWhole,
} from './plan-flags.js';

const HELP = `
Nothing is asked of a service. Amounts may be written 1000000, 1,000,000 or 1M. Sizes are exact, worked out of the
metadata as the service encodes it; what a day brings is what these figures come to on average.
docs/scaling.md reads the table with you.`;

export function addPlanCommands(program: Command, bind: BindAction): void {
  program
    .command('plan')
    .description('Reckon how many hash bins fit, and what clients, database and keys have to bear')
    .requiredOption('--artifacts <number>', 'how many artifacts the repository lists', parseWhole)
    .addOption(
      amount('--per-day <number>', 'how many artifacts are added, replaced or removed a day', 100, parseAmount),
    )
    .addOption(amount('--per-publish <number>', 'how many of them clients see at once', 1, parsePositiveAmount))
    .addOption(amount('--clients <number>', 'how many clients there are', 1_000, parseAmount))
    .addOption(amount('--updates-per-day <number>', 'how often each of them asks what is new', 1, parseAmount))
    .addOption(
      amount('--artifacts-per-update <number>', 'how many artifacts it looks for then', 1, parsePositiveAmount),
    )
    .addOption(amount('--first-updates <percent>', 'how many updates start with nothing, as in CI', 0, parseShare))
    .addOption(amount('--path-bytes <number>', 'how long a path is on average, in UTF-8', 60, parsePathBytes))
    .addOption(amount('--file-bytes <number>', 'how large a file is on average', 1_000_000, parseWhole))
    .option('--sha512', 'sha512 is listed beside sha256, as trs artifact add does')
    .addOption(
      amount(
        '--custom-bytes <number>',
        `the JSON of custom on average, up to ${MAXIMUM_CUSTOM_BYTES}`,
        0,
        parseCustomBytes,
      ),
    )
    .addOption(
      new Option('--bins-kind <kind>', 'how bins are delegated')
        .choices(['succinct', 'classic'])
        .default(DEFAULT_BINS.kind),
    )
    .addOption(amount('--root-keys <number>', 'how many people sign root', 3, parseCount))
    .addOption(amount('--online-keys <number>', 'how many online keys sign each other role', 1, parseCount))
    .option('--expiry <role=days>', 'how long a role is valid, as in trs ceremony; repeatable', gatherRoleDurations)
    .option('--renewal-window <role=days>', 'as in trs ceremony; repeatable', gatherRoleDurations)
    .addOption(
      new Option(
        '--read-by <clients...>',
        'the TUF clients that matter (default: all that read bins of this kind)',
      ).choices(CLIENT_NAMES),
    )
    .addHelpText('after', HELP)
    .action(bind(makePlan));
}

function amount(flags: string, description: string, value: number, parse: (text: string) => number): Option {
  return new Option(flags, description).argParser(parse).default(value);
}
