import type { BinsKind } from '../../tuf/hash-bins.js';
import type { Key } from '../../tuf/key.js';
import type { Task } from '../answers.js';
import type { CommandContext } from '../command-context.js';
import { type ExitCode, usageError } from '../command-error.js';
import type { ConfirmationFlags } from '../confirmation.js';
import type { PassphraseFlags } from '../keys/passphrase.js';
import { confirmEdit } from './confirm-edit.js';
import { withThreshold } from './edit-role.js';
import { type RoleAnswer, rolePath } from './role-answer.js';
import { type Difference, signerDifference, signersAfter } from './role-difference.js';
import { roleKeys } from './role-keys.js';
import { askForChange } from './role-outcome.js';

export interface RemoveBinsFlags extends PassphraseFlags, ConfirmationFlags {
  readonly repository: string;
  readonly wait: number;
}

export interface SetBinsFlags extends RemoveBinsFlags {
  readonly count?: number;
  readonly kind?: BinsKind;
  readonly key?: readonly string[];
  readonly threshold?: number;
}

interface BinsFields {
  readonly count: number;
  readonly kind: string;
  readonly keys?: readonly (string | Key)[];
  readonly threshold?: number;
}

/** What no flag names stays as it is. */
export async function setBins(
  context: CommandContext,
  flags: SetBinsFlags,
  [role = '']: readonly string[],
): Promise<ExitCode> {
  const { repository, wait } = flags;
  const keys = await roleKeys(context, flags.key ?? [], flags);
  const service = await context.connect();
  const { value, tag } = await service.getTagged<RoleAnswer>(rolePath(repository, role));
  const fields = withThreshold(binsFields(value, keys, flags), value.bins);
  const difference = binsDifference(value.bins, fields);
  await confirmEdit(context, role, difference, flags);
  const done = `${role} has ${fields.count.toLocaleString('en-US')} ${fields.kind} bins`;
  const request = () => service.put<Task>(`${rolePath(repository, role)}/bins`, fields, { 'if-match': tag });
  return askForChange(context, service, { repository, role, done, changes: difference.changes }, request, wait);
}

export async function removeBins(
  context: CommandContext,
  flags: RemoveBinsFlags,
  [role = '']: readonly string[],
): Promise<ExitCode> {
  const { repository, wait } = flags;
  const service = await context.connect();
  const { value, tag } = await service.getTagged<RoleAnswer>(rolePath(repository, role));
  if (!value.bins) throw usageError(`${role} has no bins`);
  const changes = [`its ${described(value.bins)} go; it lists its artifacts itself`];
  await confirmEdit(context, role, { changes, isGrave: true }, flags);
  const done = `${role} lists its artifacts itself`;
  const request = () => service.delete<Task>(`${rolePath(repository, role)}/bins`, {}, { 'if-match': tag });
  return askForChange(context, service, { repository, role, done, changes }, request, wait);
}

function binsFields(
  { bins }: RoleAnswer,
  keys: readonly (string | Key)[],
  { count, kind, threshold }: SetBinsFlags,
): BinsFields {
  const number = count ?? bins?.count;
  if (number === undefined) throw usageError('--count NUMBER is missing: there are no bins yet');
  return {
    count: number,
    kind: kind ?? bins?.kind ?? 'succinct',
    ...(keys.length > 0 && { keys }),
    ...(threshold !== undefined && { threshold }),
  };
}

function binsDifference(before: RoleAnswer['bins'], after: BinsFields): Difference {
  if (!before) return { changes: [`it delegates to ${described(after)}`], isGrave: false };
  const signers = signerDifference(before, signersAfter(before, after));
  const isSame = described(before) === described(after);
  const shape = isSame ? [] : [`its ${described(before)} become ${described(after)}; artifacts move with them`];
  return { changes: [...shape, ...signers.changes.map((change) => `hash bins: ${change}`)], isGrave: signers.isGrave };
}

function described({ count, kind }: Pick<BinsFields, 'count' | 'kind'>): string {
  return `${count.toLocaleString('en-US')} ${kind} hash bins`;
}
