import type { DelegationTree } from './delegation-tree.js';
import type { IdentityVerifier } from './identity-key.js';
import type { KeyId } from './key.js';
import type { Root, Targets } from './metadata.js';
import { roleWarnings } from './role-warnings.js';
import { describeRootChange } from './root-diff.js';
import { missingRootSignatures, rootThresholds, type SignatureThreshold, thresholdOf } from './root-trust.js';
import { rootWarnings } from './root-warnings.js';
import { type Consequences, isRootEvent, missingSignatures, type SigningEvent } from './signing-event.js';
import { describeTargetsChange } from './targets-diff.js';

/** What those who are asked to sign should know. */
export interface EventReview {
  /** In words. */
  readonly changes: readonly string[];
  readonly warnings: readonly string[];
  readonly thresholds: readonly SignatureThreshold[];
  readonly signedBy: readonly KeyId[];
  readonly mayBeSignedBy: readonly KeyId[];
  /** At least. */
  readonly missingSignatures: number;
}

/** @param previous the version that the event's version follows, null for a first one; @param tree null before the first revision. */
export function reviewEvent(
  event: SigningEvent,
  previous: Root | Targets | null,
  tree: DelegationTree | null,
  now: Date,
  identities?: IdentityVerifier | undefined,
): EventReview {
  const thresholds = eventThresholds(event, previous, identities);
  const root = previous?._type === 'root' ? previous : null;
  return {
    ...describe(event, previous, tree, now),
    thresholds,
    signedBy: event.metadata.signatures.map(({ keyid }) => keyid),
    mayBeSignedBy: [...new Set(thresholds.flatMap(({ mayBeSignedBy }) => mayBeSignedBy))],
    missingSignatures: isRootEvent(event)
      ? missingRootSignatures(event.metadata, root, identities)
      : missingSignatures(event, null, identities),
  };
}

/** The thresholds that a version has to reach. @param previous the version that it follows, where that is a root. */
export function eventThresholds(
  event: SigningEvent,
  previous: Root | Targets | null,
  identities: IdentityVerifier | undefined,
): SignatureThreshold[] {
  if (!isRootEvent(event)) return [thresholdOf('this role', event.metadata, { ...event.signers, identities })];
  return rootThresholds(event.metadata, previous?._type === 'root' ? previous : null, identities);
}

function describe(
  event: SigningEvent,
  previous: Root | Targets | null,
  tree: DelegationTree | null,
  now: Date,
): Pick<EventReview, 'changes' | 'warnings'> {
  if (isRootEvent(event)) {
    const { signed } = event.metadata;
    const before = previous?._type === 'root' ? previous : null;
    return { changes: describeRootChange(before, signed), warnings: rootWarnings(signed, now) };
  }
  const { signed } = event.metadata;
  const before = previous?._type === 'targets' ? previous : null;
  return {
    changes: [...describeTargetsChange(before, signed), ...describeConsequences(event.consequences)],
    warnings: roleWarnings(event.role, signed, event.signers, tree, now),
  };
}

/** What the service does by itself once the version takes effect. */
export function describeConsequences(consequences: Consequences | null): string[] {
  const { handedOver = {}, dropped = [] } = consequences ?? {};
  const paths = Object.keys(handedOver);
  const others = paths.length > 1 ? ` and ${paths.length - 1} more` : '';
  return [
    ...(paths.length > 0 ? [`artifact ${paths[0]}${others} will be listed by roles that the service signs`] : []),
    ...dropped.map((role) => `the artifacts of role ${role} go away with it`),
  ];
}
