import { canonicalBytes } from '../../tuf/canonical-json.js';
import type { Root, SignedMetadata } from '../../tuf/metadata.js';
import { parseRoot } from '../../tuf/parse-root.js';
import { describeRootChange } from '../../tuf/root-diff.js';
import { rootThresholds, type SignatureThreshold } from '../../tuf/root-trust.js';
import { rootWarnings } from '../../tuf/root-warnings.js';
import type { SigningEvent } from '../answers.js';
import { CommandError, EXIT } from '../command-error.js';
import { parseSignedRoot, servedRoot } from '../root/root-in-force.js';
import type { Service } from '../service.js';
import { eventPath } from './open-event.js';

/** What people who sign a root have to know of it, worked out on their own machine. */
export interface RootReview {
  readonly metadata: SignedMetadata<Root>;
  /** The root before it, which its own keys vouch for; null for the first. */
  readonly previous: SignedMetadata<Root> | null;
  readonly changes: readonly string[];
  readonly warnings: readonly string[];
  readonly thresholds: readonly SignatureThreshold[];
}

export function reviewRoot(
  metadata: SignedMetadata<Root>,
  previous: SignedMetadata<Root> | null,
  now: Date,
): RootReview {
  return {
    metadata,
    previous,
    changes: describeRootChange(previous?.signed ?? null, metadata.signed),
    warnings: rootWarnings(metadata.signed, now),
    thresholds: rootThresholds(metadata, previous?.signed ?? null),
  };
}

export async function reviewEvent(service: Service, repository: string, event: SigningEvent): Promise<RootReview> {
  const metadata = parseRoot(event.metadata, `root of event ${event.id}`);
  return reviewRoot(metadata, await rootBefore(service, repository, metadata.signed.version), new Date());
}

/** The bytes to sign. @throws CommandError when the service offers others than those of the metadata it shows. */
export async function payloadOf(
  service: Service,
  repository: string,
  { id }: SigningEvent,
  { metadata }: RootReview,
): Promise<Uint8Array> {
  const bytes = canonicalBytes(metadata.signed);
  if ((await service.bytes(`${eventPath(repository, id)}/payload`)).equals(bytes)) return bytes;
  throw new CommandError(
    EXIT.notVerified,
    'the service offers bytes to sign that are not those of the metadata it shows: nothing was signed',
    ['Report this to those who run the service.'],
  );
}

async function rootBefore(service: Service, repository: string, version: number): Promise<SignedMetadata<Root> | null> {
  if (version === 1) return null;
  const document = await servedRoot(service, repository, version - 1);
  return parseSignedRoot(document, `root version ${version - 1} of ${repository}`);
}
