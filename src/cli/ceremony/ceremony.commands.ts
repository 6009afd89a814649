import { type Command, Option } from 'commander';
import { KEY_SCHEMES } from '../../tuf/key.js';
import { DEFAULT_BINS } from '../../tuf/settings.js';
import type { BindAction } from '../bind-action.js';
import { parseCount, parseRepositoryName, parseRootDays, passphraseFileOption, waitOption } from '../options.js';
import { DEFAULT_ROOT_EXPIRY_DAYS } from './ceremony-terms.js';
import { holdCeremony } from './hold-ceremony.js';
import { gatherRoleDurations } from './role-duration.js';
import { sendRequest } from './send-request.js';

export function addCeremonyCommands(program: Command, bind: BindAction): void {
  program
    .command('ceremony')
    .description('Make and sign the first root, and create the repository; asks for what the flags leave open')
    .option('--repository <name>', 'the name of the repository', parseRepositoryName)
    .option('--root-key <files...>', 'private keys that sign root now: files (PEM), or key URIs')
    .option('--generate-keys <number>', 'make so many new root keys', parseCount)
    .option('--keys-folder <folder>', 'where new root keys go (default: NAME-keys)')
    .addOption(
      new Option('--scheme <scheme>', 'the signature scheme of new keys').choices(KEY_SCHEMES).default('ed25519'),
    )
    .option('--public-root-key <files...>', 'public keys (.pub.json) of people who sign root later')
    .option('--threshold <number>', 'how many root keys must sign', parseCount)
    .option('--root-expiry-days <days>', `when root expires (default: ${DEFAULT_ROOT_EXPIRY_DAYS})`, parseRootDays)
    .option('--online-key <file>', 'a public key of the service, from trs key online, or "new" (default: new)')
    .option('--targets-key <files...>', 'public keys (.pub.json) of people who sign targets, instead of the service')
    .option('--targets-threshold <number>', 'how many of them must sign targets (default: all)', parseCount)
    .option('--bins <number>', `how many hash bins share the artifacts (default: ${DEFAULT_BINS.count})`, parseCount)
    .option('--no-bins', 'no hash bins: targets lists artifacts itself, or delegates to named roles')
    .addOption(
      new Option('--bins-kind <kind>', `how bins are delegated (default: ${DEFAULT_BINS.kind})`).choices([
        'succinct',
        'classic',
      ]),
    )
    .option(
      '--expiry <role=days>',
      'how long a role is valid, e.g. snapshot=7 or timestamp=3600s; repeatable',
      gatherRoleDurations,
    )
    .option(
      '--renewal-window <role=days>',
      'how long before its expiry a role is signed again; repeatable',
      gatherRoleDurations,
    )
    .option('--no-passphrase', 'do not encrypt new root keys')
    .addOption(passphraseFileOption('a file with the passphrase of the root keys; repeatable'))
    .option('--out <file>', 'without network: write the request here, for trs send; needs --online-key FILE')
    .option('--root-out <file>', 'where the signed root goes, which clients start from (default: NAME.root.json)')
    .addOption(waitOption())
    .option('-y, --yes', 'ask nothing: take the defaults for what is not given')
    .action(bind(holdCeremony));
  program
    .command('send')
    .description('Send what trs ceremony --out wrote')
    .argument('<file>', 'the file')
    .addOption(waitOption())
    .action(bind(sendRequest));
}
