import type { CommandContext } from '../command-context.js';
import { usageError } from '../command-error.js';
import { assertConfirmed, type ConfirmationFlags } from '../confirmation.js';
import { describeChanges } from '../events/event-text.js';
import { warnOfOpenEvents } from '../events/open-event.js';
import type { SigningReview } from '../events/signing-review.js';
import type { Signer } from '../keys/signer.js';
import type { Service } from '../service.js';

interface RootConfirmationFlags extends ConfirmationFlags {
  readonly repository: string;
  readonly out?: string;
}

/** Shows what the next root changes, whose signatures it takes and whose it gets now, and asks. */
export async function confirmRoot(
  context: CommandContext,
  review: SigningReview,
  signers: readonly Signer[],
  service: Service | null,
  flags: RootConfirmationFlags,
): Promise<void> {
  const { output } = context;
  const { metadata, changes, warnings } = review;
  if (changes.length === 0)
    throw usageError('that changes nothing', 'See trs root edit --help for what can be changed.');
  output.note(`${describeChanges(review)}\n`);
  output.note(describeSigners(review, signers));
  for (const warning of warnings) output.warn(warning);
  if (service && flags.out === undefined) await warnOfOpenEvents(context, service, flags.repository);
  const act = flags.out === undefined ? 'propose it' : 'write it';
  const question = `${signers.length > 0 ? `Sign root version ${metadata.signed.version} and ${act}` : `Unsigned as it is, ${act}`}?`;
  await assertConfirmed(flags, question, 'nothing was signed or sent');
}

function describeSigners({ thresholds, metadata }: SigningReview, signers: readonly Signer[]): string {
  const { version } = metadata.signed;
  const needs = thresholds.map(({ of, threshold, mayBeSignedBy }) => {
    return `${threshold} of the ${mayBeSignedBy.length} keys of version ${of === 'this root' ? version : version - 1}`;
  });
  const now = signers.map(({ keyid, label }) => `  ${keyid} (${label})`);
  return [
    `It takes signatures by ${needs.join(' and by ')}. Signing now:${now.length > 0 ? '' : ' nobody'}`,
    ...now,
  ].join('\n');
}
