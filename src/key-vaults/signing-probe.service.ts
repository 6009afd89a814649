import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { PublicKey } from '../tuf/key.js';
import { verifySignature } from '../tuf/signature.js';
import { type KeyUri, KeyVault, KeyVaultError } from './key-vault.js';

/** Not JSON, so that no signature over it can ever pass for one over metadata. */
const PROBE = Buffer.from('trs signing probe, not metadata');
const GOOD_FOR_MS = 10_000;

interface ProbedKey {
  readonly keyId: string;
  readonly uri: string;
  readonly key: PublicKey;
}

/** Finds out whether a vault really signs with a key: at most once in ten seconds for each, and once at a time. */
@Injectable()
export class SigningProbe {
  private readonly proven = new LRUCache<string, true>({ max: 10_000, ttl: GOOD_FOR_MS });
  private readonly underWay = new Map<string, Promise<void>>();

  constructor(private readonly vault: KeyVault) {}

  /** @throws KeyVaultError when the vault does not sign, or signs with another key. */
  async assertSigns(probed: ProbedKey): Promise<void> {
    const name = `${probed.keyId} ${probed.uri}`;
    if (this.proven.get(name)) return;
    // A vault that hangs is asked once, however often somebody wants to know.
    const asked = this.underWay.get(name) ?? this.ask(probed).finally(() => this.underWay.delete(name));
    this.underWay.set(name, asked);
    await asked;
    this.proven.set(name, true);
  }

  private async ask({ keyId, uri, key }: ProbedKey): Promise<void> {
    const sig = Buffer.from(await this.vault.sign(uri as KeyUri, key.scheme, PROBE)).toString('hex');
    if (!verifySignature(key, PROBE, { keyid: keyId as never, sig })) {
      throw new KeyVaultError(`the private key at ${uri} is not that of the public key ${keyId}`);
    }
  }
}
