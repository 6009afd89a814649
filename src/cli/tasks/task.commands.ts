import { type Command, Option } from 'commander';
import type { BindAction } from '../bind-action.js';
import { repositoryOption, waitOption } from '../options.js';
import { approveTask, rejectTask } from './decide-on-task.js';
import { listTasks } from './list-tasks.js';
import { showTask } from './show-task.js';
import { watchTask } from './watch-task.js';

const STATES = ['awaiting-approval', 'waiting', 'succeeded', 'partly-refused', 'refused'];

export function addTaskCommands(program: Command, bind: BindAction): void {
  const task = program.command('task').description('Follow what was asked of a repository');
  task
    .command('show')
    .description('Show a task and what became of it')
    .argument('<id>', 'the id of the task')
    .addOption(repositoryOption())
    .action(bind(showTask));
  task
    .command('list')
    .description('List what was asked of a repository, newest first')
    .addOption(repositoryOption())
    .addOption(new Option('--state <state>', 'only tasks in this state').choices(STATES))
    .action(bind(listTasks));
  task
    .command('approve')
    .description('Approve a change that somebody else asked for')
    .argument('<id>', 'the id of the task')
    .addOption(repositoryOption())
    .addOption(waitOption())
    .action(bind(approveTask));
  task
    .command('reject')
    .description('Reject a change that awaits approval')
    .argument('<id>', 'the id of the task')
    .addOption(repositoryOption())
    .option('--reason <reason>', 'why; the task says so')
    .action(bind(rejectTask));
  task
    .command('watch')
    .description('Follow a task until it is settled; exit code 0 when it succeeded, 1 when it was refused')
    .argument('<id>', 'the id of the task')
    .addOption(repositoryOption())
    .action(bind(watchTask));
}
