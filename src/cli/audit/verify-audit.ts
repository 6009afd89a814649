import colors from 'picocolors';
import type { Root } from '../../tuf/metadata.js';
import type { CommandContext } from '../command-context.js';
import { EXIT, type ExitCode, usageError } from '../command-error.js';
import { readJsonFile } from '../json-file.js';
import { counted } from '../moment.js';
import { printable } from '../printable.js';
import { parseSignedRoot } from '../root/root-in-force.js';
import { table } from '../table.js';
import { chainName } from './audit-log.js';
import { exportedLog } from './exported-log.js';
import { readCheckpoint } from './known-checkpoint.js';
import { servedLog } from './served-log.js';
import { type VerifiedChain, verifiedLog } from './verified-log.js';

export interface VerifyAuditFlags {
  readonly repository?: string;
  readonly file?: string;
  readonly checkpoint?: readonly string[];
  readonly root?: readonly string[];
}

export async function verifyAudit(context: CommandContext, flags: VerifyAuditFlags): Promise<ExitCode> {
  const { repository, file, checkpoint: files = [] } = flags;
  if (file !== undefined && repository !== undefined) throw usageError('--file verifies all that the export holds');
  const kept = await Promise.all(files.map(readCheckpoint));
  const roots = await readRoots(flags, new Set(kept.map(({ checkpoint }) => checkpoint.signed.repository)));
  const log = file === undefined ? await servedLog(await context.connect(), repository) : await exportedLog(file);
  const chains = await verifiedLog(log, kept, roots);
  const isIntact = chains.every(({ faults }) => faults.length === 0);
  context.output.show({ isIntact, chains }, () => describe(chains));
  if (roots.length === 0 && kept.length > 0) {
    context.output.note('Who signed the checkpoints was not checked: that takes --root, a root that you trust.');
  }
  return isIntact ? EXIT.fine : EXIT.notVerified;
}

// A root is of one repository, and nothing in it says of which.
async function readRoots(
  { repository, root: files = [] }: VerifyAuditFlags,
  repositories: ReadonlySet<string>,
): Promise<Root[]> {
  if (files.length === 0) return [];
  const named = new Set([...repositories, ...(repository === undefined ? [] : [repository])]);
  if (named.size !== 1) throw usageError('--root goes with --repository, or with checkpoints of one repository');
  return Promise.all(files.map(async (file) => parseSignedRoot(await readJsonFile(file), file).signed));
}

function describe(chains: readonly VerifiedChain[]): string {
  const rows = chains.map(({ repository, length, unlinked, faults }) => [
    chainName(repository),
    faults.length === 0 ? colors.green('intact') : colors.red('NOT INTACT'),
    length,
    unlinked,
  ]);
  const faults = chains.flatMap(({ repository, faults }) =>
    faults.map((fault) => `${chainName(repository)}: ${printable(fault)}`),
  );
  const verdict =
    faults.length > 0
      ? [colors.red('Somebody changed the audit log:'), ...faults.map((fault) => `  ${fault}`)].join('\n')
      : `${counted(chains.length, 'chain')} of the audit log, as they were written.`;
  return `${table(['Chain', 'State', 'Entries verified', 'Not chained yet'], rows)}\n\n${verdict}`;
}
