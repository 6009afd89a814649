import type { Command } from 'commander';
import type { BindAction } from '../bind-action.js';
import { parseRepositoryName } from '../options.js';
import { listRepositories } from './list-repositories.js';
import { showRepository } from './show-repository.js';

export function addRepositoryCommands(program: Command, bind: BindAction): void {
  const repository = program.command('repository').description('Look at repositories');
  repository
    .command('show')
    .description('Show a repository: its state, roles, versions, expiry, keys and counts')
    .argument('<name>', 'the name of the repository', parseRepositoryName)
    .action(bind(showRepository));
  repository.command('list').description('List repositories').action(bind(listRepositories));
}
