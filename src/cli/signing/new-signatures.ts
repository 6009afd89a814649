import type { Signature } from '../../tuf/metadata.js';
import type { CommandContext } from '../command-context.js';
import { usageError } from '../command-error.js';
import { assertConfirmed } from '../confirmation.js';
import { describeChanges, describeThresholds, describeVoucher } from '../events/event-text.js';
import type { SigningReview } from '../events/signing-review.js';
import type { Signer } from '../keys/signer.js';
import { trustedSigner } from '../keys/trusted-signer.js';
import { unlockKeys } from '../keys/unlock-keys.js';
import type { SignFlags } from './sign-flags.js';
import { assertTrustedSignature, signaturesOf } from './signatures.js';
import { readBundles } from './sigstore-bundle.js';

/** Shows what is to be signed, asks, and signs; leaves out the keys that have signed already. */
export async function newSignatures(
  context: CommandContext,
  review: SigningReview,
  flags: SignFlags,
): Promise<Signature[]> {
  const { metadata, trusted } = review;
  const { signed } = metadata;
  const what = `${review.role} version ${signed.version}`;
  const { key = [], signature: made = [], bundle = [] } = flags;
  if (key.length + made.length + bundle.length === 0)
    throw usageError('--key FILE, --key URI, --signature KEYID=HEX or --bundle KEYID=FILE is missing');
  for (const signature of made) assertTrustedSignature(signed, trusted, signature, '--signature');
  const given = [...made, ...(await readBundles(bundle, trusted))];
  const gathered = await unlockKeys(context, key, flags);
  const signers = gathered
    .map((signer) => trustedSigner(signer, trusted, what))
    .filter(({ keyid }) => isNew(context, review, keyid));
  const ready = given.filter(({ keyid }) => isNew(context, review, keyid));
  const keyids = [...ready, ...signers].map(({ keyid }) => keyid);
  if (keyids.length === 0) return [];
  if (new Set(keyids).size < keyids.length) throw usageError('one key is to sign twice');
  show(context, review, signers, ready);
  const verb = signers.length > 0 ? 'Sign' : 'Give these signatures to';
  await assertConfirmed(flags, `${verb} ${what}?`, 'nothing was signed');

  return [...ready, ...(await signaturesOf(signed, trusted, signers))];
}

function isNew({ output }: CommandContext, { metadata }: SigningReview, keyid: string): boolean {
  const hasSigned = metadata.signatures.some((signature) => signature.keyid === keyid);
  if (hasSigned) output.note(`${keyid} has signed already.`);
  return !hasSigned;
}

function show(
  { output }: CommandContext,
  review: SigningReview,
  signers: readonly Signer[],
  ready: readonly Signature[],
): void {
  const now = [
    ...ready.map(({ keyid }) => `  ${keyid}`),
    ...signers.map(({ keyid, label }) => `  ${keyid} (${label})`),
  ];
  output.note(`${describeChanges(review)}\n`);
  const thresholds = describeThresholds(review.role, review.metadata.signed.version, review.thresholds);
  output.note(`${[thresholds, ...describeVoucher(review)].join('\n')}\n`);
  output.note(['Signing now:', ...now].join('\n'));
  for (const warning of review.warnings) output.warn(warning);
}
