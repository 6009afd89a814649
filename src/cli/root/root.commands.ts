import type { Command } from 'commander';
import type { BindAction } from '../bind-action.js';
import { gathered, parseCount, parseRootDays, passphraseFileOption, repositoryOption, waitOption } from '../options.js';
import { editRoot } from './edit-root.js';
import { gatherOnlineKeys } from './online-key-flag.js';
import { sendRoot } from './send-root.js';
import { showRoot } from './show-root.js';

const EDIT_HELP = `
Without a network: start from a downloaded root, write the next one, and send it from elsewhere:
  trs root edit --repository demo --in 1.root.json --expiry-days 365 --sign-with a.pem --out 2.root.json
  trs root send 2.root.json --repository demo`;

export function addRootCommands(program: Command, bind: BindAction): void {
  const root = program.command('root').description('Look at the root of a repository, and change it');
  root
    .command('show')
    .description('Show a root: its expiry, and which keys sign which role; with --json, the very metadata')
    .addOption(repositoryOption())
    .option('--version <number>', 'an earlier version (default: the one in force)', parseCount)
    .action(bind(showRoot));
  root
    .command('edit')
    .description('Make the next root from the one in force: other keys, thresholds, online keys, or a later expiry')
    .addOption(repositoryOption())
    .addOption(
      gathered('--add-root-key <file|uri>', 'a public (.pub.json, PEM) or private key (PEM), or a key URI; repeatable'),
    )
    .addOption(gathered('--remove-root-key <keyid>', 'the id of a root key, or how it starts; repeatable'))
    .option('--threshold <number>', 'how many root keys must sign', parseCount)
    .option(
      '--online-key <role=key>',
      'which key signs a role: targets, snapshot, timestamp or all; the key is an id, a file, or "new" for one that the service makes; repeatable',
      gatherOnlineKeys,
    )
    .addOption(
      gathered(
        '--targets-key <file|keyid>',
        'who signs targets from then on: a public key, or an id in this root; repeatable',
      ),
    )
    .option('--targets-threshold <number>', 'how many of them must sign targets (default: all)', parseCount)
    .option(
      '--expiry-days <days>',
      'when it expires, from now (default: 365, or as now where that is later)',
      parseRootDays,
    )
    .addOption(
      gathered(
        '--sign-with <file|uri>',
        'a private root key (PEM, or a key URI), of the old or the new ones; repeatable',
      ),
    )
    .addOption(passphraseFileOption('a file with the passphrase of the keys; repeatable'))
    .option('--in <file>', 'start from this root, as it is served, rather than from the one in force')
    .option('--out <file>', 'write the next root here rather than sending it')
    .addOption(waitOption())
    .option('-y, --yes', 'do not ask')
    .addHelpText('after', EDIT_HELP)
    .action(bind(editRoot));
  root
    .command('send')
    .description('Send what trs root edit --out wrote')
    .argument('<file>', 'the file')
    .addOption(repositoryOption())
    .addOption(waitOption())
    .action(bind(sendRoot));
}
