import { canonicalJson } from '../../tuf/canonical-json.js';
import type { SigningEvent } from '../answers.js';
import type { CommandContext } from '../command-context.js';
import { CommandError, EXIT, type ExitCode, usageError } from '../command-error.js';
import { assertConfirmable } from '../confirmation.js';
import { eventNamed, eventPath } from '../events/open-event.js';
import { payloadOf, reviewEvent } from '../events/signing-review.js';
import { capitalised, counted } from '../moment.js';
import { assertNotThere, writeNewJson } from '../new-file.js';
import { assertOpen, deliverSignatures } from './deliver-signatures.js';
import { newSignatures } from './new-signatures.js';
import { bundleOf, readBundle, withSignatures } from './payload-bundle.js';
import type { SignFlags } from './sign-flags.js';

/** First, with network: writes what is to be signed. */
export async function writeBundle(
  context: CommandContext,
  repository: string,
  id: string | undefined,
  file: string,
): Promise<ExitCode> {
  await assertNotThere(file);
  const service = await context.connect();
  const event = await eventNamed(context, service, repository, id);
  assertOpen(event);
  const review = await reviewEvent(service, repository, event);
  await payloadOf(service, repository, event, review);
  await writeNewJson(file, bundleOf(repository, event, review));
  context.output.show({ repository, event: event.id, role: event.role, version: event.version, file }, () =>
    [
      `${capitalised(event.role)} version ${event.version} of ${repository}, to be signed, is in ${file}.`,
      `On the machine with the key: trs sign --in ${file} --key FILE --out signed.json`,
    ].join('\n'),
  );
  return EXIT.fine;
}

/** Second, without: signs it. */
export async function signBundle(
  context: CommandContext,
  file: string,
  out: string,
  flags: SignFlags,
): Promise<ExitCode> {
  assertConfirmable(context, flags);
  await assertNotThere(out);
  const { review: reviewAt, ...bundle } = await readBundle(file);
  assertSameRepository(bundle, flags, file);
  const review = reviewAt(new Date());
  context.output.note(`${bundle.repository}: signing event ${bundle.event}\n`);
  const signatures = await newSignatures(context, review, flags);
  if (signatures.length === 0) throw new CommandError(EXIT.failed, `nothing to add: ${out} was not written`);
  const { repository, event } = bundle;
  const { changes, warnings } = review;
  await writeNewJson(out, withSignatures({ ...bundle, changes, warnings }, signatures));
  const signedBy = signatures.map(({ keyid }) => keyid);
  context.output.show(
    { repository, event, role: bundle.role, version: bundle.signed.version, file: out, signedBy },
    () =>
      `${counted(signatures.length, 'new signature')} in ${out}. With network: trs sign --repository ${repository} --send ${out}`,
  );
  return EXIT.fine;
}

/** Third, with network again: sends the signatures that the event lacks. */
export async function sendBundle(context: CommandContext, file: string, flags: SignFlags): Promise<ExitCode> {
  const bundle = await readBundle(file);
  assertSameRepository(bundle, flags, file);
  const service = await context.connect();
  const event: SigningEvent = await service.get(eventPath(bundle.repository, bundle.event));
  assertOpen(event);
  const { metadata } = await reviewEvent(service, bundle.repository, event);
  const { signatures, signed } = metadata;
  if (canonicalJson(signed) !== canonicalJson(bundle.signed)) {
    throw new CommandError(EXIT.failed, `signing event ${event.id} is about other content than ${file}`);
  }
  const there = new Set(signatures.map(({ keyid }) => keyid));
  const missing = bundle.signatures.filter(({ keyid }) => !there.has(keyid));
  if (missing.length === 0) context.output.note(`The service has every signature in ${file} already.`);
  return deliverSignatures(context, service, bundle.repository, event, missing, flags.wait);
}

function assertSameRepository({ repository }: { readonly repository: string }, flags: SignFlags, file: string): void {
  if (flags.repository === undefined || flags.repository === repository) return;
  throw usageError(`${file} is for repository ${repository}, not ${flags.repository}`);
}
