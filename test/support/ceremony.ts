import { createPublicKey, generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { signWith } from '../../src/key-vaults/private-key.js';
import { canonicalBytes } from '../../src/tuf/canonical-json.js';
import { formatExpiry } from '../../src/tuf/expiry.js';
import { type Key, type KeyId, type KeyScheme, keyFromPublicKey, keyIdOf } from '../../src/tuf/key.js';
import type { Root, Signature, SignedMetadata } from '../../src/tuf/metadata.js';
import type { Api } from './api.js';

export interface OfflineKey {
  readonly keyId: KeyId;
  readonly key: Key;
  readonly privateKey: KeyObject;
}

export function offlineKey(scheme: KeyScheme = 'ed25519'): OfflineKey {
  const { privateKey } = keyPair(scheme);
  const key = keyFromPublicKey(createPublicKey(privateKey), scheme);
  return { keyId: keyIdOf(key), key, privateKey };
}

export async function signatureBy({ keyId, key, privateKey }: OfflineKey, signed: object): Promise<Signature> {
  const sig = await signWith(privateKey, key.scheme, canonicalBytes(signed));
  return { keyid: keyId, sig: Buffer.from(sig).toString('hex') };
}

export interface RootPlan {
  readonly rootKeys: readonly OfflineKey[];
  readonly threshold?: number;
  readonly signers?: readonly OfflineKey[];
  readonly online: { readonly keyId: KeyId; readonly key: Key };
  readonly expires?: Date;
}

export function unsignedRoot({ rootKeys, threshold = rootKeys.length, online, expires }: RootPlan): Root {
  const byOnline = { keyids: [online.keyId], threshold: 1 };
  return {
    _type: 'root',
    spec_version: '1.0.34',
    version: 1,
    expires: formatExpiry(expires ?? new Date(Date.now() + 365 * 86_400_000)),
    consistent_snapshot: true,
    keys: Object.fromEntries([...rootKeys, online].map(({ keyId, key }) => [keyId, key])),
    roles: {
      root: { keyids: rootKeys.map(({ keyId }) => keyId), threshold },
      targets: byOnline,
      snapshot: byOnline,
      timestamp: byOnline,
    },
  };
}

export async function signedRoot(plan: RootPlan): Promise<SignedMetadata<Root>> {
  const signed = unsignedRoot(plan);
  const signatures = await Promise.all((plan.signers ?? plan.rootKeys).map((key) => signatureBy(key, signed)));
  return { signatures, signed };
}

export async function onlineKey(api: Api, scheme: KeyScheme = 'ed25519'): Promise<{ keyId: KeyId; key: Key }> {
  const { status, body } = await api.post('/keys', { name: 'online', scheme });
  if (status !== 201) throw new Error(JSON.stringify(body));
  return body;
}

export interface ReadyRepository {
  readonly name: string;
  readonly root: SignedMetadata<Root>;
}

/** A repository with throw-away keys that clients can use at once. */
export async function readyRepository(
  api: Api,
  settings: object = { bins: { count: 4 } },
  scheme: KeyScheme = 'ed25519',
): Promise<ReadyRepository> {
  const name = `r-${randomUUID().slice(0, 8)}`;
  const root = await signedRoot({ rootKeys: [offlineKey(scheme)], online: await onlineKey(api, scheme) });
  const { status, body } = await api.post('/repositories?wait=60', { name, settings, root });
  if (status !== 200) throw new Error(`the repository was not created: ${JSON.stringify(body)}`);
  return { name, root };
}

function keyPair(scheme: KeyScheme): { privateKey: KeyObject } {
  switch (scheme) {
    case 'ed25519':
      return generateKeyPairSync('ed25519');
    case 'ecdsa-sha2-nistp256':
      return generateKeyPairSync('ec', { namedCurve: 'P-256' });
    case 'ecdsa-sha2-nistp384':
      return generateKeyPairSync('ec', { namedCurve: 'P-384' });
    case 'rsassa-pss-sha256':
      return generateKeyPairSync('rsa', { modulusLength: 2048 });
    default:
      return scheme satisfies never;
  }
}
