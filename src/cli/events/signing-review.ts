import { canonicalBytes } from '../../tuf/canonical-json.js';
import type { TrustedKeys } from '../../tuf/delegation.js';
import { type EventReview, reviewEvent as reviewInCore } from '../../tuf/event-review.js';
import { readObject } from '../../tuf/fields.js';
import type { Root, SignedMetadata, Targets } from '../../tuf/metadata.js';
import { parseKeys, parseRoleKeys } from '../../tuf/parse-keys.js';
import { parseRoot } from '../../tuf/parse-root.js';
import { parseTargets } from '../../tuf/parse-targets.js';
import { parseRoleName, ROOT, type RoleName } from '../../tuf/role-name.js';
import { keysOfTopLevelRole } from '../../tuf/root-trust.js';
import { thresholdMet } from '../../tuf/signature.js';
import type { SigningEvent as CoreEvent } from '../../tuf/signing-event.js';
import type { SigningEvent } from '../answers.js';
import { CommandError, EXIT } from '../command-error.js';
import { parseSignedRoot, servedRoot } from '../root/root-in-force.js';
import type { Service } from '../service.js';
import { type DelegatorChain, NOBODY, signersInForce, type Voucher, voucherOf } from './delegator-chain.js';
import { fetchDelegators } from './fetch-delegators.js';
import { eventPath } from './open-event.js';

/** What people who sign a version have to know of it, worked out on their own machine. */
export interface SigningReview extends Pick<EventReview, 'changes' | 'warnings' | 'thresholds'> {
  readonly role: RoleName;
  readonly metadata: SignedMetadata<Root | Targets>;
  /** The version before it; null for the first. */
  readonly previous: SignedMetadata<Root | Targets> | null;
  /** Who signs it: the root keys of one or two roots, or the keys of the role. */
  readonly trusted: readonly TrustedKeys[];
  readonly delegators: DelegatorChain;
  /** What names the keys of the role; null where only the service does, and for root, which does so itself. */
  readonly voucher: Voucher | null;
}

export function reviewRoot(
  metadata: SignedMetadata<Root>,
  previous: SignedMetadata<Root> | null,
  now: Date,
): SigningReview {
  const roots = previous ? [metadata.signed, previous.signed] : [metadata.signed];
  const trusted = roots.map((root) => keysOfTopLevelRole(root, 'root'));
  const event = { ...UNNAMED, role: ROOT, metadata, signers: null, pending: null };
  const review = reviewOf(event, previous, now);
  return { ...review, role: ROOT, metadata, previous, trusted, delegators: NOBODY, voucher: null };
}

export function reviewTargets(
  role: RoleName,
  metadata: SignedMetadata<Targets>,
  previous: SignedMetadata<Targets> | null,
  signers: TrustedKeys,
  delegators: DelegatorChain,
  now: Date,
): SigningReview {
  const event = { ...UNNAMED, role, metadata, signers, pending: null };
  const { changes, warnings, thresholds } = reviewOf(event, previous, now);
  const voucher = voucherOf(role, signers, delegators);
  return {
    role,
    metadata,
    previous,
    trusted: [signers],
    delegators,
    voucher,
    changes,
    warnings: [
      ...warnings,
      ...voucherWarnings(role, voucher),
      ...previousWarnings(role, previous, signers, delegators),
    ],
    thresholds,
  };
}

export async function reviewEvent(service: Service, repository: string, event: SigningEvent): Promise<SigningReview> {
  const role = parseRoleName(event.role);
  if (role === ROOT) {
    const metadata = parseRoot(event.metadata, `root of event ${event.id}`);
    return reviewRoot(metadata, await rootBefore(service, repository, metadata.signed.version), new Date());
  }
  const metadata = parseTargets(event.metadata, `${role} of event ${event.id}`);
  const previous = event.baseVersion === null ? null : await versionOf(service, repository, role, event.baseVersion);
  const signers = parseSigners(event.signers, 'signers');
  const delegators = await fetchDelegators(service, repository, event);
  return reviewTargets(role, metadata, previous, signers, delegators, new Date());
}

export function parseSigners(value: unknown, field: string): TrustedKeys {
  const signers = readObject(value, field);
  const keys = parseKeys(signers.keys, `${field}.keys`);
  return { keys: Object.fromEntries(keys), ...parseRoleKeys(value, keys, field) };
}

/** The bytes to sign. @throws CommandError when the service offers others than those of the metadata it shows. */
export async function payloadOf(
  service: Service,
  repository: string,
  { id }: SigningEvent,
  { metadata }: Pick<SigningReview, 'metadata'>,
): Promise<Uint8Array> {
  const bytes = canonicalBytes(metadata.signed);
  if ((await service.bytes(`${eventPath(repository, id)}/payload`)).equals(bytes)) return bytes;
  throw new CommandError(
    EXIT.notVerified,
    'the service offers bytes to sign that are not those of the metadata it shows: nothing was signed',
    ['Report this to those who run the service.'],
  );
}

const UNNAMED = { id: '', state: 'open', reason: null, consequences: null } as const;

function reviewOf(event: CoreEvent, previous: SignedMetadata<Root | Targets> | null, now: Date): EventReview {
  return reviewInCore(event, previous?.signed ?? null, null, now);
}

function voucherWarnings(role: RoleName, voucher: Voucher | null): string[] {
  if (voucher) return [];
  return [`that these keys sign ${role} is what the service says: no metadata that could be checked says so yet`];
}

/** Changes are told from the version before, which is to be trusted only as far as somebody vouches for it. */
function previousWarnings(
  role: RoleName,
  previous: SignedMetadata<Targets> | null,
  signers: TrustedKeys,
  delegators: DelegatorChain,
): string[] {
  const before = signersInForce(role, delegators);
  if (!previous || thresholdMet(previous, signers) || (before && thresholdMet(previous, before))) return [];
  const { version } = previous.signed;
  return [
    `version ${version} of ${role}, from which the changes are told, is not signed by its keys: look at all of it`,
  ];
}

async function versionOf(
  service: Service,
  repository: string,
  role: RoleName,
  version: number,
): Promise<SignedMetadata<Targets>> {
  const document = await service.get(`repositories/${repository}/metadata/${version}.${role}.json`);
  return parseTargets(document, `version ${version} of ${role}`);
}

async function rootBefore(service: Service, repository: string, version: number): Promise<SignedMetadata<Root> | null> {
  if (version === 1) return null;
  const document = await servedRoot(service, repository, version - 1);
  return parseSignedRoot(document, `root version ${version - 1} of ${repository}`);
}
