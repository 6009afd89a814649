import type { CommandContext } from '../command-context.js';
import { type ExitCode, usageError } from '../command-error.js';
import { assertConfirmable } from '../confirmation.js';
import { eventNamed } from '../events/open-event.js';
import { payloadOf, reviewEvent } from '../events/signing-review.js';
import { assertOpen, deliverSignatures } from './deliver-signatures.js';
import { newSignatures } from './new-signatures.js';
import type { SignFlags } from './sign-flags.js';
import { sendBundle, signBundle, writeBundle } from './sign-without-network.js';

/** Signs with the service at hand, or one of the three steps of signing without a network. */
export async function sign(context: CommandContext, flags: SignFlags, [id]: readonly string[]): Promise<ExitCode> {
  const { key = [], signature = [], bundle = [], send, out } = flags;
  const signs = key.length + signature.length + bundle.length > 0;
  if (send !== undefined) {
    if (signs || flags.in !== undefined || out !== undefined || id !== undefined) throw usageError('--send goes alone');
    return sendBundle(context, send, flags);
  }
  if (flags.in !== undefined) {
    if (out === undefined) throw usageError('--out FILE is missing: --in works without the service');
    if (id !== undefined) throw usageError('--in names the signing event already');
    return signBundle(context, flags.in, out, flags);
  }
  if (flags.repository === undefined) throw usageError('--repository NAME is missing');
  if (out === undefined) return signEvent(context, flags.repository, id, flags);
  if (signs)
    throw usageError(
      '--out writes what is to be signed elsewhere, with --in; leave out --key, --signature and --bundle',
    );
  return writeBundle(context, flags.repository, id, out);
}

async function signEvent(
  context: CommandContext,
  repository: string,
  id: string | undefined,
  flags: SignFlags,
): Promise<ExitCode> {
  assertConfirmable(context, flags);
  const service = await context.connect();
  const event = await eventNamed(context, service, repository, id);
  assertOpen(event);
  const review = await reviewEvent(service, repository, event);
  await payloadOf(service, repository, event, review);
  const signatures = await newSignatures(context, review, flags);
  return deliverSignatures(context, service, repository, event, signatures, flags.wait);
}
