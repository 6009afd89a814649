import type { AuditEntry } from '../../audit-chain/audit-entry.js';
import type { Page } from '../answers.js';
import type { CommandContext } from '../command-context.js';
import { EXIT, type ExitCode } from '../command-error.js';
import { printable } from '../printable.js';
import { table } from '../table.js';
import { auditPath } from './served-log.js';

export interface ListAuditFlags {
  readonly repository?: string;
  readonly principal?: string;
  readonly action?: string;
  readonly since?: string;
  readonly until?: string;
  readonly limit: number;
}

type ListedEntry = AuditEntry & { readonly position: number | null };

export async function listAudit(context: CommandContext, flags: ListAuditFlags): Promise<ExitCode> {
  const { repository, principal, action, since, until, limit } = flags;
  const query = {
    ...(principal !== undefined && { principal }),
    ...(action !== undefined && { action }),
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
    limit: String(limit),
  };
  const service = await context.connect();
  const { items, next } = await service.get<Page<ListedEntry>>(auditPath(repository), query);
  context.output.show(items, () => describe(items, next != null));
  return EXIT.fine;
}

function describe(entries: readonly ListedEntry[], isCut: boolean): string {
  if (entries.length === 0) return 'The audit log has no such entry.';
  const rows = entries.map(({ at, principal, address, action, repository, target }) =>
    [
      at.slice(0, 19).replace('T', ' '),
      principal ?? '-',
      address ?? '-',
      action,
      repository ?? '-',
      JSON.stringify(target).slice(0, 100),
    ].map(printable),
  );
  const more = isCut ? '\n\nThere are older ones: raise --limit, or narrow it down with --until.' : '';
  return `${table(['Time (UTC)', 'Principal', 'Address', 'Action', 'Repository', 'Target'], rows)}${more}`;
}
