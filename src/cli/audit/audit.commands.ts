import { type Command, Option } from 'commander';
import { AUDIT_ACTIONS } from '../../audit-chain/audit-entry.js';
import type { BindAction } from '../bind-action.js';
import { gathered, parsePageLimit, parseRepositoryName } from '../options.js';
import { exportAudit } from './export-audit.js';
import { listAudit } from './list-audit.js';
import { verifyAudit } from './verify-audit.js';

const repositoryOption = (otherwise: string) =>
  new Option('--repository <name>', `only that of one repository (default: ${otherwise})`).argParser(
    parseRepositoryName,
  );

export function addAuditCommands(program: Command, bind: BindAction): void {
  const audit = program.command('audit').description('Read the audit log, and tell whether somebody changed it');
  addListCommand(audit, bind);
  audit
    .command('export')
    .description('Write the chains of the audit log to a file, to keep them elsewhere')
    .requiredOption('--out <file>', 'where they go: one JSON document a line')
    .addOption(repositoryOption('all chains'))
    .action(bind(exportAudit));
  audit
    .command('verify')
    .description('Compute the chains of the audit log anew; exit code 4 when something was changed or taken away')
    .addOption(repositoryOption('all chains'))
    .option('--file <file>', 'verifies an export in the place of the log of the service')
    .addOption(gathered('--checkpoint <file>', 'a checkpoint that was kept elsewhere: finds a history written anew'))
    .addOption(gathered('--root <file>', 'a root that you trust: checks who signed the checkpoints'))
    .action(bind(verifyAudit));
}

function addListCommand(audit: Command, bind: BindAction): void {
  audit
    .command('list')
    .description('List who did, asked for or tried what, newest first')
    .addOption(repositoryOption('all, and what concerns none'))
    .option('--principal <name>', 'only what this principal did')
    .addOption(new Option('--action <action>', 'only this action').choices(AUDIT_ACTIONS))
    .option('--since <time>', 'only entries of this moment or later, as 2026-01-31T12:00:00Z')
    .option('--until <time>', 'only entries of before this moment')
    .addOption(new Option('--limit <count>', 'how many at most').argParser(parsePageLimit).default(50))
    .action(bind(listAudit));
}
