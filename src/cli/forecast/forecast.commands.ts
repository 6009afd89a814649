import { type Command, InvalidArgumentError, Option } from 'commander';
import { parseTimeSpan } from '../../time-span.js';
import type { BindAction } from '../bind-action.js';
import { parseCount, parseRepositoryName } from '../options.js';
import { showForecast } from './show-forecast.js';

const HELP = `
For cron: trs forecast --fail-within 14d ends with code 8 when something expires within 14 days whose next version
needs signatures of people, or should have been signed again by now. What the service signs by itself does not count.`;

export function addForecastCommands(program: Command, bind: BindAction): void {
  program
    .command('forecast')
    .description('Show what expires when, and who has to sign it')
    .option('--repository <name>', 'the name of the repository (default: all of them)', parseRepositoryName)
    .addOption(new Option('--days <number>', 'how far to look ahead').argParser(parseDays).default(90))
    .option(
      '--fail-within <time>',
      'end with code 8 when people have to sign within this time, e.g. 14d or 36h',
      parseWithin,
    )
    .addHelpText('after', HELP)
    .action(bind(showForecast));
}

function parseDays(text: string): number {
  const days = parseCount(text);
  if (days <= 3_650) return days;
  throw new InvalidArgumentError('It must be a whole number from 1 to 3650.');
}

function parseWithin(text: string): number {
  const seconds = parseTimeSpan(text);
  if (seconds !== null) return seconds;
  throw new InvalidArgumentError('It must be a time such as 14d, 36h, 90m or 600s, of up to ten years.');
}
