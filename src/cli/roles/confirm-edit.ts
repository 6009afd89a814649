import type { CommandContext } from '../command-context.js';
import { usageError } from '../command-error.js';
import { assertConfirmable, assertConfirmed, type ConfirmationFlags } from '../confirmation.js';
import { inList } from '../events/event-text.js';
import type { Difference } from './role-difference.js';

/** Shows what an edit changes, and asks where something is taken away or other keys decide. */
export async function confirmEdit(
  context: CommandContext,
  role: string,
  { changes, isGrave }: Difference,
  flags: ConfirmationFlags,
): Promise<void> {
  if (changes.length === 0) throw usageError('that changes nothing', 'Add --help for what can be changed.');
  context.output.note(`${inList(`Role ${role} changes:`, changes)}\n`);
  if (!isGrave) return;
  assertConfirmable(context, flags);
  await assertConfirmed(flags, `Change role ${role}?`, 'nothing was changed');
}
