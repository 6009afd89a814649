import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Key } from '../tuf/key.js';
import { verifySignature } from '../tuf/signature.js';
import { type KeyUri, KeyVault, KeyVaultError } from './key-vault.js';

/** Not JSON, so that no signature over it can ever pass for one over metadata. */
const PROBE = Buffer.from('trs signing probe, not metadata');
const GOOD_FOR_MS = 10_000;

interface ProbedKey {
  readonly keyId: string;
  readonly uri: string;
  readonly key: Key;
}

/** Finds out whether a vault really signs with a key, at most once in ten seconds for each. */
@Injectable()
export class SigningProbe {
  private readonly proven = new LRUCache<string, true>({ max: 10_000, ttl: GOOD_FOR_MS });

  constructor(private readonly vault: KeyVault) {}

  /** @throws KeyVaultError when the vault does not sign, or signs with another key. */
  async assertSigns({ keyId, uri, key }: ProbedKey): Promise<void> {
    if (this.proven.get(keyId)) return;
    const sig = Buffer.from(await this.vault.sign(uri as KeyUri, key.scheme, PROBE)).toString('hex');
    if (!verifySignature(key, PROBE, { keyid: keyId as never, sig })) {
      throw new KeyVaultError(`the private key at ${uri} is not that of the public key ${keyId}`);
    }
    this.proven.set(keyId, true);
  }
}
