import type { Command } from 'commander';
import { SCOPE_NAMES, SCOPES } from '../rights/scope.js';
import { gathered } from './options.js';

export interface RightsFlags {
  readonly scope: readonly string[];
  readonly repository?: readonly string[];
  readonly path?: readonly string[];
}

const WIDTH = Math.max(...SCOPE_NAMES.map((scope) => scope.length));

export const SCOPE_HELP = `
Scopes:
${Object.entries(SCOPES)
  .map(([scope, allows]) => `  ${scope.padEnd(WIDTH)}  ${allows}`)
  .join('\n')}`;

/** What somebody is to be allowed, and where. */
export function addRightsOptions(command: Command): Command {
  return command
    .addOption(gathered('--scope <scope>', 'what it may do; repeatable').makeOptionMandatory())
    .addOption(gathered('--repository <name>', 'limits it to a repository; * stands for any characters; repeatable'))
    .addOption(
      gathered(
        '--path <pattern>',
        'limits it to artifacts; * does not cross "/", the segment ** stands for any; repeatable',
      ),
    );
}

export function rightsOf({ scope, repository, path }: RightsFlags): object {
  return {
    scopes: scope,
    ...(repository !== undefined && { repositories: repository }),
    ...(path !== undefined && { paths: path }),
  };
}
