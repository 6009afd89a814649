import { type Command, Option } from 'commander';
import type { BindAction } from '../bind-action.js';
import { gathered, parseCount } from '../options.js';
import { addRightsOptions, SCOPE_HELP } from '../rights-options.js';
import { addPublisher } from './add-publisher.js';
import { listPublishers } from './list-publishers.js';
import { removePublisher } from './remove-publisher.js';

const EXAMPLE = `
Example: the releases of a repository on GitHub publish without a secret; see docs/ci.md
  trs publisher add --name "releases of app" --issuer https://token.actions.githubusercontent.com \\
    --audience https://trs.example.com --claim repository=acme/app --claim 'ref=refs/tags/v*' \\
    --scope artifacts:write --repository demo --path 'app/**'`;

export function addPublisherCommands(program: Command, bind: BindAction): void {
  const publisher = program
    .command('publisher')
    .description('Say which CI jobs may do what, without a token of their own: trusted publishers');
  addRightsOptions(
    publisher.command('add').description('Trust the ID tokens of CI jobs, within the rights of your own'),
  )
    .requiredOption('--name <name>', 'what people call it')
    .requiredOption('--issuer <url>', 'who signs the ID tokens; the operator has to allow it')
    .requiredOption('--audience <text>', 'whom the ID tokens are for, such as the address of the service')
    .addOption(
      gathered(
        '--claim <name=value>',
        'a claim that the ID tokens must have; * stands for any characters; repeatable, and of several values of one claim any will do',
      ).makeOptionMandatory(),
    )
    .addOption(
      new Option('--days <days>', 'how long it is trusted (default: until it is removed)').argParser(parseCount),
    )
    .addHelpText('after', SCOPE_HELP + EXAMPLE)
    .action(bind(addPublisher));
  publisher
    .command('list')
    .description('List trusted publishers: whose jobs, what they may do, and when one came last')
    .action(bind(listPublishers));
  publisher
    .command('remove')
    .description('Remove a trusted publisher: its jobs are not admitted any more, at once')
    .argument('<id>', 'the id of the publisher')
    .action(bind(removePublisher));
}
