import { keysOfDelegatedRole, sameTrust, type TrustedKeys } from '../../tuf/delegation.js';
import { malformed, readArray, readObject, readString } from '../../tuf/fields.js';
import type { Root, SignedMetadata, Targets } from '../../tuf/metadata.js';
import { parseRoot } from '../../tuf/parse-root.js';
import { parseTargets } from '../../tuf/parse-targets.js';
import { parseRoleName, ROOT, type RoleName, TARGETS } from '../../tuf/role-name.js';
import { keysOfTopLevelRole, missingRootSignatures } from '../../tuf/root-trust.js';
import { thresholdMet } from '../../tuf/signature.js';

export interface Delegator {
  readonly role: RoleName;
  readonly metadata: SignedMetadata<Root | Targets>;
}

/** What delegates to a role, so that who signs it need not be taken on trust. */
export interface DelegatorChain {
  /** In force, from root down to the delegator of the role; empty where clients know no such delegator. */
  readonly inForce: readonly Delegator[];
  /** The next version of that delegator, where it is published together with the role's. */
  readonly proposed: Delegator | null;
}

/** Which metadata names the signers of a role. */
export interface Voucher {
  readonly role: RoleName;
  readonly version: number;
  readonly isInForce: boolean;
}

export const NOBODY: DelegatorChain = { inForce: [], proposed: null };

/** Who signs a role as clients see it; null where the chain does not say, or is not signed from root down. */
export function signersInForce(role: RoleName, { inForce }: DelegatorChain): TrustedKeys | null {
  const last = isSignedThroughout(inForce) ? inForce.at(-1) : undefined;
  return last ? signersNamedBy(last, role) : null;
}

/** The delegator that names exactly these signers; null where only the service says so. */
export function voucherOf(role: RoleName, signers: TrustedKeys, chain: DelegatorChain): Voucher | null {
  const { inForce, proposed } = chain;
  const last = inForce.at(-1);
  if (last && sameTrust(signersInForce(role, chain), signers)) {
    return { role: last.role, version: versionOf(last), isInForce: true };
  }
  if (proposed && sameTrust(signersNamedBy(proposed, role), signers)) {
    return { role: proposed.role, version: versionOf(proposed), isInForce: false };
  }
  return null;
}

/** @throws TufError naming the field. */
export function parseChain(value: unknown, field: string): DelegatorChain {
  const { inForce, proposed } = readObject(value, field);
  return {
    inForce: readArray(inForce, `${field}.inForce`).map((item, index) => parse(item, `${field}.inForce[${index}]`)),
    proposed: proposed === null ? null : parse(proposed, `${field}.proposed`),
  };
}

export function parseDelegator(role: RoleName, metadata: unknown, field: string): Delegator {
  return { role, metadata: role === ROOT ? parseRoot(metadata, field) : parseTargets(metadata, field) };
}

function parse(value: unknown, field: string): Delegator {
  const { role, metadata } = readObject(value, field);
  return parseDelegator(parseRoleName(readString(role, `${field}.role`), `${field}.role`), metadata, field);
}

function isSignedThroughout(chain: readonly Delegator[]): boolean {
  return chain.every(({ role, metadata }, index) => {
    const above = chain[index - 1];
    if (!above) return role === ROOT && missingRootSignatures(asRoot(metadata)) === 0;
    const trusted = signersNamedBy(above, role);
    return trusted !== null && thresholdMet(metadata, trusted);
  });
}

function signersNamedBy({ metadata: { signed } }: Delegator, role: RoleName): TrustedKeys | null {
  if (signed._type === 'targets') return keysOfDelegatedRole(signed.delegations, role);
  return role === TARGETS ? keysOfTopLevelRole(signed, 'targets') : null;
}

function asRoot(metadata: SignedMetadata<Root | Targets>): SignedMetadata<Root> {
  const { signed } = metadata;
  if (signed._type === 'root') return { ...metadata, signed };
  throw malformed('root', 'must be root metadata');
}

function versionOf({ metadata }: Delegator): number {
  return metadata.signed.version;
}
