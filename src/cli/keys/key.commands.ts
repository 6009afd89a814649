import { type Command, Option } from 'commander';
import { KEY_SCHEMES } from '../../tuf/key.js';
import type { BindAction } from '../bind-action.js';
import { passphraseFileOption } from '../options.js';
import { createOnlineKey } from './create-online-key.js';
import { generateKey } from './generate-key.js';

const schemeOption = () =>
  new Option('--scheme <scheme>', 'the signature scheme').choices(KEY_SCHEMES).default('ed25519');

export function addKeyCommands(program: Command, bind: BindAction): void {
  const key = program.command('key').description('Make keys');
  key
    .command('generate')
    .description('Make an offline key, for root: a private key that you keep')
    .requiredOption('--out <file>', 'where the private key goes; the public one goes to FILE.pub.json')
    .addOption(schemeOption())
    .option('--no-passphrase', 'do not encrypt the private key')
    .addOption(passphraseFileOption('a file that holds the passphrase'))
    .action(bind(generateKey));
  key
    .command('online')
    .description('Have the service make a key that it signs with, for targets, snapshot and timestamp')
    .requiredOption('--name <name>', 'what people call the key')
    .addOption(schemeOption())
    .option('--out <file>', 'writes the public key, to carry it to a machine without network')
    .action(bind(createOnlineKey));
}
