import type { Command } from 'commander';
import type { BindAction } from '../bind-action.js';
import { repositoryOption, waitOption } from '../options.js';
import { listEvents } from './list-events.js';
import { showEvent } from './show-event.js';
import { withdrawEvent } from './withdraw-event.js';

export function addEventCommands(program: Command, bind: BindAction): void {
  const event = program
    .command('event')
    .description('Look at what waits for offline signatures; sign it with trs sign');
  event
    .command('list')
    .description('List the open signing events')
    .addOption(repositoryOption())
    .option('--all', 'also those that were completed, superseded or withdrawn')
    .action(bind(listEvents));
  event
    .command('show')
    .description('Show what a signing event changes, who signed, and who may')
    .argument('[event]', 'the id of the event (default: the only open one)')
    .addOption(repositoryOption())
    .option('--payload <file>', 'writes the very bytes to sign, for openssl: see trs sign --help')
    .action(bind(showEvent));
  event
    .command('withdraw')
    .description('Withdraw a signing event: the version in force stays')
    .argument('<event>', 'the id of the event')
    .addOption(repositoryOption())
    .requiredOption('--reason <text>', 'why, for those who were asked to sign')
    .addOption(waitOption())
    .action(bind(withdrawEvent));
}
