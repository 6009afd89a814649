import { isRepositoryName } from '../../http/repository-name.js';
import type { TrustedKeys } from '../../tuf/delegation.js';
import { TufError } from '../../tuf/errors.js';
import { type Fields, malformed, readObject, readString } from '../../tuf/fields.js';
import type { Root, Signature, SignedMetadata, Targets } from '../../tuf/metadata.js';
import { parseRoot } from '../../tuf/parse-root.js';
import { parseTargets } from '../../tuf/parse-targets.js';
import { parseRoleName, ROOT, type RoleName } from '../../tuf/role-name.js';
import { missingRootSignatures } from '../../tuf/root-trust.js';
import type { SigningEvent } from '../answers.js';
import { usageError } from '../command-error.js';
import { type DelegatorChain, NOBODY, parseChain } from '../events/delegator-chain.js';
import { parseSigners, reviewRoot, reviewTargets, type SigningReview } from '../events/signing-review.js';
import { readJsonFile } from '../json-file.js';

/** What goes to a machine without a network and comes back with more signatures. */
export interface PayloadBundle {
  readonly repository: string;
  /** The id of the signing event. */
  readonly event: string;
  readonly role: RoleName;
  readonly signatures: readonly Signature[];
  readonly signed: Root | Targets;
  readonly previous: SignedMetadata<Root | Targets> | null;
  /** Who signs it; null for root, which says so itself. */
  readonly signers: TrustedKeys | null;
  /** What says that they do. */
  readonly delegators: DelegatorChain;
  /** For readers of the file; the machine that signs works them out again. */
  readonly changes: readonly string[];
  readonly warnings: readonly string[];
}

export function bundleOf(repository: string, { id }: Pick<SigningEvent, 'id'>, review: SigningReview): PayloadBundle {
  const { role, metadata, previous, trusted, delegators, changes, warnings } = review;
  const signers = role === ROOT ? null : (trusted[0] ?? null);
  return { repository, event: id, role, changes, warnings, ...metadata, signers, delegators, previous };
}

export function withSignatures(bundle: PayloadBundle, added: readonly Signature[]): PayloadBundle {
  return { ...bundle, signatures: [...bundle.signatures, ...added] };
}

export async function readBundle(
  file: string,
): Promise<PayloadBundle & { readonly review: (now: Date) => SigningReview }> {
  const content = await readJsonFile(file);
  try {
    const fields = readObject(content, 'it');
    return fields.role === undefined || fields.role === ROOT ? parseRootBundle(fields) : parseTargetsBundle(fields);
  } catch (error) {
    if (!(error instanceof TufError)) throw error;
    throw usageError(`${file} is not what trs sign --out writes: ${error.message}`);
  }
}

function parseRootBundle(fields: Fields) {
  const metadata = parseRoot({ signatures: fields.signatures, signed: fields.signed });
  const previous = fields.previous === null ? null : parseRoot(fields.previous, 'previous');
  assertFollows(metadata.signed, previous);
  if (previous && missingRootSignatures(previous) > 0) throw malformed('previous', 'must have all its signatures');
  const review = (now: Date) => reviewRoot(metadata, previous, now);
  return { ...headOf(fields), role: ROOT, ...metadata, previous, signers: null, delegators: NOBODY, review };
}

function parseTargetsBundle(fields: Fields) {
  const role = parseRoleName(readString(fields.role, 'role'));
  const metadata = parseTargets({ signatures: fields.signatures, signed: fields.signed });
  const previous = fields.previous === null ? null : parseTargets(fields.previous, 'previous');
  assertFollows(metadata.signed, previous);
  const signers = parseSigners(fields.signers, 'signers');
  const delegators = parseChain(fields.delegators, 'delegators');
  const review = (now: Date) => reviewTargets(role, metadata, previous, signers, delegators, now);
  return { ...headOf(fields), role, ...metadata, previous, signers, delegators, review };
}

function headOf(fields: Fields) {
  const repository = readString(fields.repository, 'repository');
  if (!isRepositoryName(repository)) throw malformed('repository', 'must be the name of a repository');
  return { repository, event: readString(fields.event, 'event'), changes: [], warnings: [] };
}

function assertFollows({ version }: Root | Targets, previous: SignedMetadata<Root | Targets> | null): void {
  const isNext = previous ? previous.signed.version === version - 1 : version === 1;
  if (!isNext) throw malformed('previous', 'must be the version before');
}
