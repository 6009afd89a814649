import { Command } from 'commander';
import { addArtifactCommands } from './artifacts/artifact.commands.js';
import { addAuditCommands } from './audit/audit.commands.js';
import type { BindAction } from './bind-action.js';
import { addCeremonyCommands } from './ceremony/ceremony.commands.js';
import { ENVIRONMENT_HELP } from './cli-environment.js';
import { EXIT_CODE_HELP } from './command-error.js';
import { addEventCommands } from './events/event.commands.js';
import { addForecastCommands } from './forecast/forecast.commands.js';
import { addKeyCommands } from './keys/key.commands.js';
import type { Write } from './output.js';
import { addPlanCommands } from './plan/plan.commands.js';
import { addPublisherCommands } from './publishers/publisher.commands.js';
import { addRecoverCommands } from './recover/recover.commands.js';
import { addRepositoryCommands } from './repositories/repository.commands.js';
import { addRoleCommands } from './roles/role.commands.js';
import { addRootCommands } from './root/root.commands.js';
import { addSignCommands } from './signing/sign.commands.js';
import { addTaskCommands } from './tasks/task.commands.js';
import { addTokenCommands } from './tokens/token.commands.js';
import { addWebhookCommands } from './webhooks/webhook.commands.js';

/** The `trs` command: what it offers, as a table of contents. */
export function trsProgram(bind: BindAction, streams: { readonly out: Write; readonly err: Write }): Command {
  const program = new Command('trs')
    .description('Works with a TUF Repository Service.')
    .option('--server <url>', 'the address of the service')
    .option('--token <token>', 'the access token; TRS_TOKEN_FILE keeps it out of process lists')
    .option('--json', 'print one JSON document on stdout, and nothing else')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: streams.out, writeErr: streams.err })
    .showHelpAfterError('(add --help for what is possible)')
    .addHelpText('after', `${ENVIRONMENT_HELP}\n${EXIT_CODE_HELP}`)
    .exitOverride();
  addCeremonyCommands(program, bind);
  addKeyCommands(program, bind);
  addRootCommands(program, bind);
  addRoleCommands(program, bind);
  addSignCommands(program, bind);
  addEventCommands(program, bind);
  addRecoverCommands(program, bind);
  addArtifactCommands(program, bind);
  addRepositoryCommands(program, bind);
  addTaskCommands(program, bind);
  addTokenCommands(program, bind);
  addPublisherCommands(program, bind);
  addForecastCommands(program, bind);
  addPlanCommands(program, bind);
  addAuditCommands(program, bind);
  addWebhookCommands(program, bind);
  return program;
}
