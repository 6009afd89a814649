import { isRepositoryName } from '../../http/repository-name.js';
import { TufError } from '../../tuf/errors.js';
import { malformed, readObject, readString } from '../../tuf/fields.js';
import type { Root, Signature, SignedMetadata } from '../../tuf/metadata.js';
import { parseRoot } from '../../tuf/parse-root.js';
import { missingRootSignatures } from '../../tuf/root-trust.js';
import type { SigningEvent } from '../answers.js';
import { usageError } from '../command-error.js';
import { type RootReview, reviewRoot } from '../events/root-review.js';
import { readJsonFile } from '../json-file.js';

/** What goes to a machine without a network and comes back with more signatures. */
export interface PayloadBundle {
  readonly repository: string;
  /** The id of the signing event. */
  readonly event: string;
  readonly signatures: readonly Signature[];
  readonly signed: Root;
  readonly previous: SignedMetadata<Root> | null;
  /** For readers of the file; the machine that signs works them out again. */
  readonly changes: readonly string[];
  readonly warnings: readonly string[];
}

export function bundleOf(repository: string, { id }: Pick<SigningEvent, 'id'>, review: RootReview): PayloadBundle {
  const { metadata, previous, changes, warnings } = review;
  return { repository, event: id, changes, warnings, ...metadata, previous };
}

export function withSignatures(bundle: PayloadBundle, added: readonly Signature[]): PayloadBundle {
  return { ...bundle, signatures: [...bundle.signatures, ...added] };
}

export function reviewBundle({ signatures, signed, previous }: PayloadBundle, now: Date): RootReview {
  return reviewRoot({ signatures, signed }, previous, now);
}

export async function readBundle(file: string): Promise<PayloadBundle> {
  const content = await readJsonFile(file);
  try {
    return parseBundle(content);
  } catch (error) {
    if (!(error instanceof TufError)) throw error;
    throw usageError(`${file} is not what trs sign --out writes: ${error.message}`);
  }
}

function parseBundle(content: unknown): PayloadBundle {
  const fields = readObject(content, 'it');
  const repository = readString(fields.repository, 'repository');
  if (!isRepositoryName(repository)) throw malformed('repository', 'must be the name of a repository');
  const event = readString(fields.event, 'event');
  const { signatures, signed } = parseRoot({ signatures: fields.signatures, signed: fields.signed });
  const previous = fields.previous === null ? null : parseRoot(fields.previous, 'previous');
  assertFollows(signed, previous);
  return { repository, event, signatures, signed, previous, changes: [], warnings: [] };
}

function assertFollows(root: Root, previous: SignedMetadata<Root> | null): void {
  if (root.version !== (previous?.signed.version ?? 0) + 1) throw malformed('previous', 'must be the root before');
  if (previous && missingRootSignatures(previous) > 0) throw malformed('previous', 'must have all its signatures');
}
