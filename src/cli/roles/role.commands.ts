import { type Command, Option } from 'commander';
import type { BindAction } from '../bind-action.js';
import { gathered, parseCount, passphraseFileOption, repositoryOption, waitOption } from '../options.js';
import { addRole } from './add-role.js';
import { editRole } from './edit-role.js';
import { listRoles } from './list-roles.js';
import { removeRole } from './remove-role.js';
import { parsePosition } from './role-flags.js';
import { removeBins, setBins } from './set-bins.js';
import { showRole } from './show-role.js';
import { uploadMetadata } from './upload-metadata.js';

const THRESHOLD = 'how many of the keys must sign (default: as it is, or 1)';

export function addRoleCommands(program: Command, bind: BindAction): void {
  const role = program.command('role').description('Look at who may sign what, and delegate');
  role
    .command('list')
    .description('List the roles: versions, expiry, who signs them, and for which paths; bins together')
    .addOption(repositoryOption())
    .option('--all', 'every bin by itself, too')
    .action(bind(listRoles));
  role
    .command('show')
    .description('Show a role with its keys')
    .argument('<role>', 'its name')
    .addOption(repositoryOption())
    .action(bind(showRole));
  withRoleOptions(role.command('add').description('Delegate paths to a new role').argument('<role>', 'its name'))
    .option('--delegator <role>', 'the role that delegates to it', 'targets')
    .action(bind(addRole));
  withRoleOptions(
    role
      .command('edit')
      .description('Change a delegated role; what no flag names stays')
      .argument('<role>', 'its name'),
  )
    .option('--no-terminating', 'clients that do not find a path there look further')
    .option('-y, --yes', 'do not ask; it asks only where paths go, or keys or the threshold change')
    .action(bind(editRole));
  role
    .command('remove')
    .description('Take a delegation back: clients do not trust the role any more')
    .argument('<role>', 'its name')
    .addOption(repositoryOption())
    .addOption(
      new Option(
        '--artifacts <what>',
        'its artifacts go to other roles, or away with it (as when its keys were stolen)',
      )
        .choices(['move', 'remove'])
        .default('move'),
    )
    .addOption(waitOption())
    .option('-y, --yes', 'do not ask')
    .action(bind(removeRole));
  role
    .command('upload')
    .description('Publish metadata that the people who hold the keys of a role made and signed')
    .argument('<role>', 'its name')
    .argument('<file>', 'the metadata, JSON')
    .addOption(repositoryOption())
    .addOption(waitOption())
    .option('-y, --yes', 'do not ask; it asks only where artifacts or roles go, or other keys sign a role')
    .action(bind(uploadMetadata));
  addBinsCommands(role.command('bins').description('Have a role delegate to hash bins'), bind);
}

function withRoleOptions(command: Command): Command {
  return command
    .addOption(repositoryOption())
    .addOption(gathered('--path <pattern>', 'paths it may list, all of them; * and ? do not cross "/"; repeatable'))
    .addOption(gathered('--path-hash-prefix <hex>', 'what the sha256 of the paths starts with; repeatable'))
    .option('--any-path', 'it may list every path')
    .addOption(
      gathered(
        '--key <file|keyid>',
        'who signs it, all of them: a key file, public or private, or a key id; repeatable',
      ),
    )
    .option('--threshold <number>', THRESHOLD, parseCount)
    .option('--terminating', 'clients that do not find a path there look no further')
    .addOption(
      new Option('--position <number>', 'its place among the roles of its delegator; 1 is looked into first')
        .argParser(parsePosition)
        .conflicts(['first', 'last']),
    )
    .addOption(new Option('--first', 'clients look into it before the other roles of its delegator').conflicts('last'))
    .option('--last', 'clients look into it after the others')
    .option('--expiry-days <days>', 'how long its versions are valid', parseCount)
    .addOption(passphraseFileOption('a file with the passphrase of a private key given; repeatable'))
    .addOption(waitOption());
}

function addBinsCommands(bins: Command, bind: BindAction): void {
  bins
    .command('set')
    .description('Set or change the number, the kind or the keys of the bins; all artifacts move in one revision')
    .argument('<role>', 'the role that delegates to them; often targets')
    .addOption(repositoryOption())
    .option('--count <number>', 'how many, a power of two (default: as it is)', parseCount)
    .addOption(
      new Option('--kind <kind>', 'how they are spelled out (default: as it is, or succinct)').choices([
        'succinct',
        'classic',
      ]),
    )
    .addOption(gathered('--key <file|keyid>', 'an online key that signs them (default: as it is); repeatable'))
    .option('--threshold <number>', THRESHOLD, parseCount)
    .addOption(waitOption())
    .option('-y, --yes', 'do not ask; it asks only where keys change')
    .action(bind(setBins));
  bins
    .command('remove')
    .description('Have the role list its artifacts itself')
    .argument('<role>', 'its name')
    .addOption(repositoryOption())
    .addOption(waitOption())
    .option('-y, --yes', 'do not ask')
    .action(bind(removeBins));
}
