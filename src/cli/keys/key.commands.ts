import { type Command, Option } from 'commander';
import { KEY_SCHEMES } from '../../tuf/key.js';
import type { BindAction } from '../bind-action.js';
import { parseKeyId, passphraseFileOption } from '../options.js';
import { addKey } from './add-key.js';
import { createOnlineKey } from './create-online-key.js';
import { generateKey } from './generate-key.js';
import { listKeys } from './list-keys.js';
import { renameKey } from './rename-key.js';
import { showKey } from './show-key.js';

const schemeOption = () =>
  new Option('--scheme <scheme>', 'the signature scheme').choices(KEY_SCHEMES).default('ed25519');

const ownerOption = () => new Option('--owner <owner>', 'who answers for the key: a person or a team');

export function addKeyCommands(program: Command, bind: BindAction): void {
  const key = program.command('key').description('Make keys, and name those that there are');
  addMakingCommands(key, bind);
  addNamingCommands(key, bind);
}

function addMakingCommands(key: Command, bind: BindAction): void {
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
    .addOption(ownerOption())
    .addOption(schemeOption())
    .option('--out <file>', 'writes the public key, to carry it to a machine without network')
    .action(bind(createOnlineKey));
}

function addNamingCommands(key: Command, bind: BindAction): void {
  key
    .command('list')
    .description('List the keys that have names: the online ones of the service, and the offline ones of people')
    .addOption(new Option('--kind <kind>', 'only keys of this kind').choices(['online', 'offline']))
    .action(bind(listKeys));
  key
    .command('add')
    .description('Register an offline key by its public half, or an online key in a vault of the service')
    .requiredOption('--name <name>', 'what people call the key')
    .addOption(ownerOption())
    .option(
      '--file <file|uri>',
      'an offline key: public (.pub.json, PEM) or private (PEM), or a key URI; only its public half is sent',
    )
    .option('--uri <uri>', 'an online key: its URI in a key vault of the service')
    .addOption(passphraseFileOption('a file with the passphrase of a private key'))
    .action(bind(addKey));
  key
    .command('show')
    .description('Show a key: its name, owner, scheme, and where its private half is')
    .argument('<keyid>', 'the id of the key', parseKeyId)
    .option('--out <file>', 'writes the public key, to carry it to a machine without network')
    .action(bind(showKey));
  key
    .command('rename')
    .description('Give a key another name or owner')
    .argument('<keyid>', 'the id of the key', parseKeyId)
    .option('--name <name>', 'what people call the key')
    .addOption(ownerOption())
    .option('--no-owner', 'nobody answers for it')
    .action(bind(renameKey));
}
