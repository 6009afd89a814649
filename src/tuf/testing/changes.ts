import type { Artifact, ArtifactPath } from '../artifact.js';
import type { AddRole, Change, RemoveRole, SetBins, UpdateRole } from '../change.js';
import type { TrustedKeys } from '../delegation.js';
import type { Bins } from '../hash-bins.js';
import type { Root, Signed, SignedMetadata, Targets } from '../metadata.js';
import { type PathPattern, parsePathPattern } from '../path-pattern.js';
import { parseRoleName, type RoleName } from '../role-name.js';
import type { SigningEvent } from '../signing-event.js';
import { type KeyPair, keysField, signatureBy } from './key-ring.js';

/** Changes as a spec reads them. */
export const add = (...artifacts: Artifact[]): Change => ({ kind: 'add-artifacts', artifacts });
export const remove = (...paths: string[]): Change => ({ kind: 'remove-artifacts', paths: paths as ArtifactPath[] });
export const resign = (...roles: string[]): Change => ({ kind: 'resign', roles: roles as RoleName[] });
export const setRoot = (root: SignedMetadata<Root>): Change => ({ kind: 'set-root', root });
export const setMetadata = (role: string, metadata: SignedMetadata<Targets>): Change => ({
  kind: 'set-metadata',
  role: role as RoleName,
  metadata,
});
export const withdraw = (signingEvent: string, reason = 'a mistake'): Change => ({
  kind: 'withdraw-signing-event',
  signingEvent,
  reason,
});
export const signature = (signingEvent: string, signed: Signed, signer: KeyPair): Change => ({
  kind: 'add-signature',
  signingEvent,
  signature: signatureBy(signer, signed),
});
export const signatureFor = ({ id, metadata }: SigningEvent, signer: KeyPair): Change =>
  signature(id, metadata.signed, signer);

export function patterns(...paths: readonly string[]): PathPattern[] {
  return paths.map((path) => parsePathPattern(path, 'paths'));
}

export function signersOf(pairs: readonly KeyPair[], threshold = 1): TrustedKeys {
  return { keys: keysField(pairs), keyids: pairs.map(({ keyId }) => keyId), threshold };
}

export interface RolePlan {
  readonly name: string;
  readonly paths: readonly string[];
  readonly keys: readonly KeyPair[];
  readonly threshold?: number;
  readonly terminating?: boolean;
  readonly under?: string;
  readonly position?: number;
  readonly lifetime?: AddRole['lifetime'];
}

export function addRole(plan: RolePlan): Change {
  const { keys, ...signers } = signersOf(plan.keys, plan.threshold);
  return {
    kind: 'add-role',
    delegator: (plan.under ?? 'targets') as RoleName,
    role: {
      name: parseRoleName(plan.name),
      ...signers,
      terminating: plan.terminating ?? false,
      paths: patterns(...plan.paths),
    },
    keys,
    position: plan.position ?? null,
    lifetime: plan.lifetime ?? null,
  };
}

export function updateRole(role: string, fields: Partial<Omit<UpdateRole, 'kind' | 'role'>>): Change {
  return { kind: 'update-role', role: role as RoleName, ifMatch: null, ...fields };
}

export function removeRole(role: string, artifacts: RemoveRole['artifacts'], ifMatch: string | null = null): Change {
  return { kind: 'remove-role', role: role as RoleName, artifacts, ifMatch };
}

export function setBins(
  bins: Bins | null,
  fields: Partial<Omit<SetBins, 'kind' | 'delegator'>> & { of?: string } = {},
): Change {
  const { of = 'targets', signers = null, ifMatch = null } = fields;
  return { kind: 'set-bins', delegator: of as RoleName, bins, signers, ifMatch };
}
