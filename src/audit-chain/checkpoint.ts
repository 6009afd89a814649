import { canonicalBytes } from '../tuf/canonical-json.js';
import type { TrustedKeys } from '../tuf/delegation.js';
import { malformed, readArray, readInteger, readObject, readString } from '../tuf/fields.js';
import type { KeyId } from '../tuf/key.js';
import type { Signature } from '../tuf/metadata.js';
import { parseSignature } from '../tuf/parse-metadata.js';
import { verifySignature } from '../tuf/signature.js';
import type { ChainHead } from './chain.js';

/** In the place of TUF's `_type`, so that no client can take a checkpoint for metadata, nor the other way round. */
export const CHECKPOINT_TYPE = 'trs-audit-checkpoint';

/** How far the audit log went at a moment: the repository's own chain, and that of the service. */
export interface CheckpointContent {
  readonly _type: typeof CHECKPOINT_TYPE;
  readonly repository: string;
  readonly issued: string;
  readonly chains: { readonly repository: ChainHead; readonly service: ChainHead };
}

/** Signed by the online timestamp keys of the repository. */
export interface Checkpoint {
  readonly signatures: readonly Signature[];
  readonly signed: CheckpointContent;
}

/** @throws TufError naming the field. */
export function parseCheckpoint(value: unknown): Checkpoint {
  const envelope = readObject(value, 'checkpoint');
  const signatures = readArray(envelope.signatures, 'checkpoint.signatures');
  signatures.forEach((signature, index) => void parseSignature(signature, `checkpoint.signatures[${index}]`));
  const signed = readObject(envelope.signed, 'checkpoint.signed');
  if (signed._type !== CHECKPOINT_TYPE) throw malformed('checkpoint.signed._type', `must be "${CHECKPOINT_TYPE}"`);
  readString(signed.repository, 'checkpoint.signed.repository');
  readString(signed.issued, 'checkpoint.signed.issued');
  const chains = readObject(signed.chains, 'checkpoint.signed.chains');
  for (const chain of ['repository', 'service']) assertHead(chains[chain], `checkpoint.signed.chains.${chain}`);
  return value as Checkpoint;
}

/** The keys among `trusted` that signed it. */
export function checkpointSigners({ signatures, signed }: Checkpoint, trusted: TrustedKeys): KeyId[] {
  const bytes = canonicalBytes(signed);
  const valid = signatures.filter((signature) => {
    const key = trusted.keyids.includes(signature.keyid) ? trusted.keys[signature.keyid] : undefined;
    return key !== undefined && verifySignature(key, bytes, signature);
  });
  return [...new Set(valid.map(({ keyid }) => keyid))];
}

function assertHead(value: unknown, field: string): void {
  const head = readObject(value, field);
  readInteger(head.length, `${field}.length`, 0);
  if (!/^[0-9a-f]{64}$/.test(readString(head.hash, `${field}.hash`))) {
    throw malformed(`${field}.hash`, 'must be 64 lower-case hex digits');
  }
}
