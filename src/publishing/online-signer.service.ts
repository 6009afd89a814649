import { Injectable } from '@nestjs/common';
import { KeyVault, type OnlineKey } from '../key-vaults/key-vault.js';
import type { TrustedKeys } from '../tuf/delegation.js';
import type { Payload } from '../tuf/encode-metadata.js';
import type { Signature } from '../tuf/metadata.js';

/** Signs metadata with every online key that is trusted for its role. */
@Injectable()
export class OnlineSigner {
  constructor(private readonly vault: KeyVault) {}

  async sign({ bytes }: Payload, trusted: TrustedKeys, online: readonly OnlineKey[]): Promise<Signature[]> {
    const signers = online.filter(({ keyId }) => trusted.keyids.includes(keyId));
    return Promise.all(signers.map((key) => this.signatureBy(key, bytes)));
  }

  private async signatureBy({ keyId, scheme, uri }: OnlineKey, bytes: Uint8Array): Promise<Signature> {
    const sig = await this.vault.sign(uri, scheme, bytes);
    return { keyid: keyId, sig: Buffer.from(sig).toString('hex') };
  }
}
