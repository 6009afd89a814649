import { canonicalBytes } from '../../tuf/canonical-json.js';
import { expiryAfter } from '../../tuf/expiry.js';
import type { Key, KeyId } from '../../tuf/key.js';
import { type Root, type SignedMetadata, SPEC_VERSION } from '../../tuf/metadata.js';
import { parseRoot } from '../../tuf/parse-root.js';
import { assertAcceptableFirstRoot } from '../../tuf/root-trust.js';
import type { NamedKey } from '../keys/public-key-file.js';
import type { RootKeys } from './root-keys.js';

export interface RootTerms {
  readonly rootKeys: readonly NamedKey[];
  readonly threshold: number;
  /** Null while the service has not made it. */
  readonly online: NamedKey | null;
  /** The people who sign targets; null where the service does. */
  readonly targets: TargetsSigners | null;
  readonly expires: string;
}

export interface TargetsSigners {
  readonly keys: readonly NamedKey[];
  readonly threshold: number;
}

/** Version 1 of root: people sign root and, where they want to, targets; the service signs the rest. */
export function firstRoot({ rootKeys, threshold, online, targets, expires }: RootTerms): Root {
  const onlineKeys = online ? [online] : [];
  const targetsKeys = targets?.keys ?? [];
  const keys = Object.fromEntries(
    [...rootKeys, ...targetsKeys, ...onlineKeys].map(({ keyid, key }) => [keyid, key]),
  ) as Record<KeyId, Key>;
  const signedOnline = { keyids: onlineKeys.map(({ keyid }) => keyid), threshold: 1 };
  return {
    _type: 'root',
    spec_version: SPEC_VERSION,
    version: 1,
    expires,
    consistent_snapshot: true,
    keys,
    roles: {
      root: { keyids: rootKeys.map(({ keyid }) => keyid), threshold },
      targets: targets ? { keyids: targetsKeys.map(({ keyid }) => keyid), threshold: targets.threshold } : signedOnline,
      snapshot: signedOnline,
      timestamp: signedOnline,
    },
  };
}

/** Signs with every key that is there. @throws TufError when the service would refuse the outcome. */
export async function signFirstRoot(
  root: Root,
  { signers }: Pick<RootKeys, 'signers'>,
  now: Date,
): Promise<SignedMetadata<Root>> {
  const bytes = canonicalBytes(root);
  const signatures = await Promise.all(signers.map((signer) => signer.sign(bytes)));
  const signed = parseRoot({ signatures, signed: root });
  assertAcceptableFirstRoot(signed, now);
  return signed;
}

export function rootExpiry(now: Date, days: number): string {
  return expiryAfter(now, { expiry: days * 86_400, renewalWindow: 0 });
}
