import type { KeyObject } from 'node:crypto';
import { secondsSince, vaultSignatures } from '../telemetry.js';
import type { KeyScheme } from '../tuf/key.js';
import { type KeyUriScheme, schemeOf } from './key-uri.js';
import { type KeyUri, KeyVault } from './key-vault.js';

/** Every vault, chosen by the scheme of the key URI. */
export class KeyVaults extends KeyVault {
  constructor(
    private readonly vaults: Readonly<Record<KeyUriScheme, KeyVault>>,
    private readonly allowed: readonly KeyUriScheme[],
  ) {
    super();
  }

  /** Whether new keys may be there; keys that are there already sign in any case. */
  allows(scheme: KeyUriScheme): boolean {
    return this.allowed.includes(scheme);
  }

  override async publicKey(uri: KeyUri): Promise<KeyObject> {
    return this.vaults[schemeOf(uri)].publicKey(uri);
  }

  override async sign(uri: KeyUri, scheme: KeyScheme, bytes: Uint8Array): Promise<Uint8Array> {
    const vault = schemeOf(uri);
    const started = performance.now();
    try {
      const signature = await this.vaults[vault].sign(uri, scheme, bytes);
      vaultSignatures.tell({ vault, outcome: 'signed', seconds: secondsSince(started) });
      return signature;
    } catch (error) {
      vaultSignatures.tell({ vault, outcome: 'failed', seconds: secondsSince(started) });
      throw error;
    }
  }
}
