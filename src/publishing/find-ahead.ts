import { allDone } from '../all-done.js';
import { pieceByPiece, piecesOf } from '../pieces.js';
import { type FoundAhead, openTargetsRole } from '../tuf/client-check.js';
import type { TrustedKeys } from '../tuf/delegation.js';
import { isIdentityKey } from '../tuf/key.js';
import type { SignedMetadata, Targets } from '../tuf/metadata.js';
import type { MetadataFile, Revision } from '../tuf/metadata-file.js';
import type { PublishedMetadata } from '../tuf/repository-state.js';
import { type RevisionContent, signersOf } from '../tuf/revision.js';
import type { RoleName } from '../tuf/role-name.js';
import { verifyOnThread } from '../tuf/signature.js';
import { VerifiedSignatures } from '../tuf/verified-signatures.js';
import { eachInTurns } from './turns.js';

/**
 * Signatures that wait for threads at once. To have one verified when the threads have nothing else to do takes as long
 * as to verify it, for a processor has to be woken; with others waiting, a tenth of that.
 */
const VERIFIED_TOGETHER = 256;

/**
 * Finds out what the client check asks of each file by itself: signatures are verified on libuv's threads, while this one
 * reads targets roles from their bytes. Root is left to the check: two roots sign it.
 */
export async function findAhead(
  { targetsRoles, snapshot, timestamp }: Revision,
  content: RevisionContent,
  published: PublishedMetadata | null,
): Promise<FoundAhead> {
  const verified = new VerifiedSignatures();
  const opened = new Map<RoleName, SignedMetadata<Targets>>();
  const verify = (file: MetadataFile) => verifyFile(file, signersOf(content, file.role), verified);
  const open = (file: MetadataFile<Targets>) => opened.set(file.role, openTargetsRole(file, published));
  const openAndVerify = async (files: readonly MetadataFile<Targets>[]) => {
    await allDone([...files.map(verify), eachInTurns(files, open)]);
  };
  await allDone([
    snapshot && verify(snapshot),
    verify(timestamp),
    pieceByPiece(piecesOf(targetsRoles, VERIFIED_TOGETHER), openAndVerify),
  ]);
  return { verified, opened };
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
