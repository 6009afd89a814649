import type { TrustedKeys } from '../tuf/delegation.js';
import { isIdentityKey } from '../tuf/key.js';
import { filesInOrder, type MetadataFile, type Revision } from '../tuf/metadata-file.js';
import { type RevisionContent, signersOf } from '../tuf/revision.js';
import { ROOT } from '../tuf/role-name.js';
import { verifyOnThread } from '../tuf/signature.js';
import { VerifiedSignatures } from '../tuf/verified-signatures.js';
import { eachInTurns } from './turns.js';

/** Verifies the signatures of a revision on libuv's threads, so that the client check, in one go, finds them verified. */
export async function verifyAhead(revision: Revision, content: RevisionContent): Promise<VerifiedSignatures> {
  const verified = new VerifiedSignatures();
  const files = filesInOrder(revision).filter(({ role }) => role !== ROOT); // two roots sign it: left to the check
  await eachInTurns(files, (file) => verifyFile(file, signersOf(content, file.role), verified));
  return verified;
}

async function verifyFile(
  { metadata: { signatures }, payload }: MetadataFile,
  trusted: TrustedKeys,
  verified: VerifiedSignatures,
): Promise<void> {
  for (const signature of signatures) {
    const key = trusted.keyids.includes(signature.keyid) ? trusted.keys[signature.keyid] : undefined;
    if (!key || isIdentityKey(key)) continue;
    if (await verifyOnThread(key, payload.bytes, Buffer.from(signature.sig, 'hex')))
      verified.add(key, payload.text, signature);
  }
}
