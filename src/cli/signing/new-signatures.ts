import type { Signature } from '../../tuf/metadata.js';
import { assertRootSignature } from '../../tuf/root-trust.js';
import type { CommandContext } from '../command-context.js';
import { usageError } from '../command-error.js';
import { assertConfirmed } from '../confirmation.js';
import { describeChanges, describeThresholds } from '../events/event-text.js';
import type { RootReview } from '../events/root-review.js';
import { keyOfRoot } from '../keys/key-of-root.js';
import type { OfflineKey } from '../keys/offline-key.js';
import { unlockKeys } from '../keys/unlock-keys.js';
import type { SignFlags } from './sign-flags.js';
import { signaturesOf } from './sign-root.js';
import { readBundles } from './sigstore-bundle.js';

/** Shows what is to be signed, asks, and signs; leaves out the keys that have signed already. */
export async function newSignatures(
  context: CommandContext,
  review: RootReview,
  flags: SignFlags,
): Promise<Signature[]> {
  const { metadata, previous } = review;
  const root = metadata.signed;
  const { key = [], signature = [], bundle = [] } = flags;
  if (key.length + signature.length + bundle.length === 0) {
    throw usageError('--key FILE, --signature KEYID=HEX or --bundle KEYID=FILE is missing');
  }
  signature.forEach((made) => {
    assertRootSignature(root, previous?.signed ?? null, made, '--signature');
  });
  const given = [...signature, ...(await readBundles(bundle, root, previous?.signed ?? null))];
  const roots = previous ? [root, previous.signed] : [root];
  const unlocked = await unlockKeys(context, key, flags);
  const signers = unlocked.map((key) => keyOfRoot(key, roots)).filter((key) => isNew(context, review, key.keyid));
  const ready = given.filter(({ keyid }) => isNew(context, review, keyid));
  const keyids = [...ready, ...signers].map(({ keyid }) => keyid);
  if (keyids.length === 0) return [];
  if (new Set(keyids).size < keyids.length) throw usageError('one key is to sign twice');
  show(context, review, signers, ready);
  const verb = signers.length > 0 ? 'Sign' : 'Give these signatures to';
  await assertConfirmed(flags, `${verb} root version ${root.version}?`, 'nothing was signed');

  return [...ready, ...(await signaturesOf(root, previous?.signed ?? null, signers))];
}

function isNew({ output }: CommandContext, { metadata }: RootReview, keyid: string): boolean {
  const hasSigned = metadata.signatures.some((signature) => signature.keyid === keyid);
  if (hasSigned) output.note(`${keyid} has signed already.`);
  return !hasSigned;
}

function show(
  { output }: CommandContext,
  review: RootReview,
  signers: readonly OfflineKey[],
  ready: readonly Signature[],
): void {
  const now = [...ready.map(({ keyid }) => `  ${keyid}`), ...signers.map(({ keyid, file }) => `  ${keyid} (${file})`)];
  output.note(`${describeChanges(review)}\n`);
  output.note(`${describeThresholds(review.metadata.signed.version, review.thresholds)}\n`);
  output.note(['Signing now:', ...now].join('\n'));
  for (const warning of review.warnings) output.warn(warning);
}
