import type { Command } from 'commander';
import type { BindAction } from '../bind-action.js';
import { repositoryOption } from '../options.js';
import { showTask } from './show-task.js';
import { watchTask } from './watch-task.js';

export function addTaskCommands(program: Command, bind: BindAction): void {
  const task = program.command('task').description('Follow what was asked of a repository');
  task
    .command('show')
    .description('Show a task and what became of it')
    .argument('<id>', 'the id of the task')
    .addOption(repositoryOption())
    .action(bind(showTask));
  task
    .command('watch')
    .description('Follow a task until it is settled; exit code 0 when it succeeded, 1 when it was refused')
    .argument('<id>', 'the id of the task')
    .addOption(repositoryOption())
    .action(bind(watchTask));
}
