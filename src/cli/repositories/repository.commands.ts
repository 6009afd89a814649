import type { Command } from 'commander';
import { APPROVAL_NAMES } from '../../tuf/approval.js';
import type { BindAction } from '../bind-action.js';
import { gathered, parseRepositoryName } from '../options.js';
import { repositoryApprovals } from './approvals.js';
import { listRepositories } from './list-repositories.js';
import { showRepository } from './show-repository.js';

export function addRepositoryCommands(program: Command, bind: BindAction): void {
  const repository = program.command('repository').description('Look at repositories');
  repository
    .command('show')
    .description('Show a repository: its state, roles, versions, expiry, keys and counts')
    .argument('<name>', 'the name of the repository', parseRepositoryName)
    .action(bind(showRepository));
  repository
    .command('approvals')
    .description('Show or set what a second principal has to approve; less of it takes two principals as well')
    .argument('<name>', 'the name of the repository', parseRepositoryName)
    .addOption(gathered('--want <kind>', `${APPROVAL_NAMES.join(', ')}; repeatable, and all of them`))
    .option('--none', 'nothing')
    .action(bind(repositoryApprovals));
  repository.command('list').description('List repositories').action(bind(listRepositories));
}
