import type { Command } from 'commander';
import type { BindAction } from '../bind-action.js';
import { gathered, passphraseFileOption, repositoryOption } from '../options.js';
import { recover } from './recover.js';

export function addRecoverCommands(program: Command, bind: BindAction): void {
  program
    .command('recover')
    .description('Say what keys that are stolen or lost mean, and what to do, command by command; changes nothing')
    .addOption(repositoryOption())
    .addOption(gathered('--stolen <keyid|file>', 'a key that somebody else may have; repeatable'))
    .addOption(gathered('--lost <keyid|file>', 'a key that nobody can sign with any more; repeatable'))
    .option('--root-taken', 'a root that somebody else made is out already')
    .addOption(passphraseFileOption('a file with the passphrase of a private key given; repeatable'))
    .action(bind(recover));
}
