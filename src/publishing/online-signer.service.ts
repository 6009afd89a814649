import { Injectable } from '@nestjs/common';
import { KeyVault, type OnlineKey } from '../key-vaults/key-vault.js';
import { canonicalBytes } from '../tuf/canonical-json.js';
import type { TrustedKeys } from '../tuf/delegation.js';
import type { Signature, Signed, SignedMetadata } from '../tuf/metadata.js';

/** Signs metadata with every online key that is trusted for its role. */
@Injectable()
export class OnlineSigner {
  constructor(private readonly vault: KeyVault) {}

  async sign<T extends Signed>(
    signed: T,
    trusted: TrustedKeys,
    online: readonly OnlineKey[],
  ): Promise<SignedMetadata<T>> {
    const bytes = canonicalBytes(signed);
    const signers = online.filter(({ keyId }) => trusted.keyids.includes(keyId));
    return { signatures: await Promise.all(signers.map((key) => this.signatureBy(key, bytes))), signed };
  }

  private async signatureBy({ keyId, scheme, uri }: OnlineKey, bytes: Uint8Array): Promise<Signature> {
    const sig = await this.vault.sign(uri, scheme, bytes);
    return { keyid: keyId, sig: Buffer.from(sig).toString('hex') };
  }
}
