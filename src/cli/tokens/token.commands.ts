import { type Command, Option } from 'commander';
import type { BindAction } from '../bind-action.js';
import { parseCount } from '../options.js';
import { addRightsOptions, SCOPE_HELP } from '../rights-options.js';
import { createToken } from './create-token.js';
import { listTokens } from './list-tokens.js';
import { revokeToken } from './revoke-token.js';

const EXAMPLE = `
Example: a token with which a team publishes below its own folder
  trs token create --name "ci of team-a" --scope artifacts:write --repository demo --path 'team-a/**'`;

export function addTokenCommands(program: Command, bind: BindAction): void {
  const token = program.command('token').description('Say who may do what: access tokens');
  addRightsOptions(token.command('create').description('Create a token, of at most the rights of your own'))
    .requiredOption('--name <name>', 'what people call the token')
    .addOption(new Option('--days <days>', 'how long it is valid (default: 90 days)').argParser(parseCount))
    .addOption(new Option('--permanent', 'it never expires').conflicts('days'))
    .option('--out <file>', 'writes the token into a new file that only you can read, instead of showing it')
    .addHelpText('after', SCOPE_HELP + EXAMPLE)
    .action(bind(createToken));
  token
    .command('list')
    .description('List tokens: what they allow, until when, and when they were used last')
    .option('--all', 'those that are expired or revoked, too')
    .action(bind(listTokens));
  token
    .command('revoke')
    .description('Revoke a token, at once')
    .argument('<id>', 'the id of the token')
    .action(bind(revokeToken));
}
