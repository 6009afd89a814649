import type { BinsKind } from '../../tuf/hash-bins.js';
import type { Task } from '../answers.js';
import type { CommandContext } from '../command-context.js';
import type { ExitCode } from '../command-error.js';
import { rolePath } from './role-answer.js';
import { tellOutcome } from './role-outcome.js';

export interface SetBinsFlags {
  readonly repository: string;
  readonly count: number;
  readonly kind: BinsKind;
  /** Ids of online keys. */
  readonly key?: readonly string[];
  readonly threshold?: number;
  readonly wait: number;
}

export async function setBins(
  context: CommandContext,
  { repository, count, kind, key, threshold, wait }: SetBinsFlags,
  [role = '']: readonly string[],
): Promise<ExitCode> {
  const service = await context.connect();
  const bins = { count, kind, ...(key && { keys: key }), ...(threshold !== undefined && { threshold }) };
  const recorded: Task = await service.put(`${rolePath(repository, role)}/bins`, bins);
  return tellOutcome(context, service, { repository, role, done: `${role} has ${count} ${kind} bins` }, recorded, wait);
}

export async function removeBins(
  context: CommandContext,
  { repository, wait }: Pick<SetBinsFlags, 'repository' | 'wait'>,
  [role = '']: readonly string[],
): Promise<ExitCode> {
  const service = await context.connect();
  const recorded: Task = await service.delete(`${rolePath(repository, role)}/bins`);
  return tellOutcome(
    context,
    service,
    { repository, role, done: `${role} lists its artifacts itself` },
    recorded,
    wait,
  );
}
