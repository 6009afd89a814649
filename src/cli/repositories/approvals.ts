import type { CommandContext } from '../command-context.js';
import { EXIT, type ExitCode, usageError } from '../command-error.js';
import { describeMoment } from '../moment.js';
import { printable } from '../printable.js';

interface Approvals {
  readonly approvals: readonly string[];
  readonly proposal: {
    readonly approvals: readonly string[];
    readonly proposedBy: string;
    readonly proposedAt: string;
  } | null;
}

export interface ApprovalsFlags {
  readonly want?: readonly string[];
  /** With `--none`. */
  readonly none?: boolean;
}

/** Shows, or sets, what a second principal has to approve. */
export async function repositoryApprovals(
  context: CommandContext,
  { want, none = false }: ApprovalsFlags,
  [name = '']: readonly string[],
): Promise<ExitCode> {
  if (none && want !== undefined) throw usageError('--none and --want do not go together');
  const service = await context.connect();
  const path = `api/v1/repositories/${encodeURIComponent(name)}/approvals`;
  const approvals: Approvals =
    want === undefined && !none ? await service.get(path) : await service.put(path, { approvals: want ?? [] });
  context.output.show(approvals, () => describe(approvals, new Date()));
  return EXIT.fine;
}

function describe({ approvals, proposal }: Approvals, now: Date): string {
  const inForce = `A second principal has to approve: ${listed(approvals)}.`;
  if (!proposal) return inForce;
  const by = `${printable(proposal.proposedBy)} proposed ${describeMoment(proposal.proposedAt, now)}: ${listed(proposal.approvals)}.`;
  return `${inForce}\n${by} It takes effect when somebody else asks for the same.`;
}

function listed(approvals: readonly string[]): string {
  return approvals.length === 0 ? 'nothing' : approvals.map(printable).join(', ');
}
