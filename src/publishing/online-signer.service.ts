import { Injectable } from '@nestjs/common';
import { KeyStore } from '../database/key.store.js';
import { type KeyUri, KeyVault } from '../key-vaults/key-vault.js';
import { canonicalBytes } from '../tuf/canonical-json.js';
import type { TrustedKeys } from '../tuf/delegation.js';
import type { KeyId, KeyScheme } from '../tuf/key.js';
import type { Signature, Signed, SignedMetadata } from '../tuf/metadata.js';

interface OnlineKey {
  readonly keyId: KeyId;
  readonly scheme: KeyScheme;
  readonly uri: KeyUri;
}

/** Signs metadata with every online key that is trusted for its role. */
@Injectable()
export class OnlineSigner {
  private readonly known = new Map<KeyId, OnlineKey>();

  constructor(
    private readonly keys: KeyStore,
    private readonly vault: KeyVault,
  ) {}

  async sign<T extends Signed>(signed: T, trusted: TrustedKeys): Promise<SignedMetadata<T>> {
    const bytes = canonicalBytes(signed);
    const online = await this.onlineAmong(trusted.keyids);
    const signatures = await Promise.all(online.map((key) => this.signatureBy(key, bytes)));
    return { signatures, signed };
  }

  private async signatureBy({ keyId, scheme, uri }: OnlineKey, bytes: Uint8Array): Promise<Signature> {
    const sig = await this.vault.sign(uri, scheme, bytes);
    return { keyid: keyId, sig: Buffer.from(sig).toString('hex') };
  }

  private async onlineAmong(keyIds: readonly KeyId[]): Promise<OnlineKey[]> {
    const keys = await Promise.all(keyIds.map((keyId) => this.onlineKey(keyId)));
    return keys.filter((key) => key !== null);
  }

  private async onlineKey(keyId: KeyId): Promise<OnlineKey | null> {
    const known = this.known.get(keyId);
    if (known) return known;
    const stored = await this.keys.find(keyId);
    if (!stored) return null;
    const key = { keyId, scheme: stored.key.scheme, uri: stored.uri as KeyUri };
    this.known.set(keyId, key);
    return key;
  }
}
