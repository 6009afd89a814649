import { Injectable } from '@nestjs/common';
import { type ProblemCode, ProblemError } from '../http/problem.js';
import { schemeOf } from '../key-vaults/key-uri.js';
import { type KeyUri, KeyUriError, KeyVaultError, KeyVaultUnavailableError } from '../key-vaults/key-vault.js';
import { KeyVaults } from '../key-vaults/key-vaults.js';
import { schemeFor } from '../key-vaults/public-key-scheme.js';
import { SigningProbe } from '../key-vaults/signing-probe.service.js';
import { keyFromPublicKey, keyIdOf, type PublicKey } from '../tuf/key.js';

/** Fetches the public half of a key from its vault, and believes it only with a signature as proof. */
@Injectable()
export class VaultKeyReader {
  constructor(
    private readonly vaults: KeyVaults,
    private readonly probe: SigningProbe,
  ) {}

  /** @throws ProblemError that names `uri`; KeyVaultError when the vault is down. */
  async provenKey(uri: KeyUri): Promise<PublicKey> {
    try {
      this.assertAllowed(uri);
      const publicKey = await this.vaults.publicKey(uri);
      const key = keyFromPublicKey(publicKey, schemeFor(publicKey, uri));
      await this.probe.assertSigns({ keyId: keyIdOf(key), uri, key });
      return key;
    } catch (error) {
      throw refusal(error);
    }
  }

  private assertAllowed(uri: KeyUri): void {
    const scheme = schemeOf(uri);
    if (!this.vaults.allows(scheme))
      throw problem('key-vault-not-allowed', `names ${scheme}:, which TRS_KEY_VAULTS lacks`);
  }
}

function refusal(error: unknown): unknown {
  if (error instanceof KeyUriError) return problem('key-uri-invalid', error.message);
  if (error instanceof KeyVaultUnavailableError) return error;
  return error instanceof KeyVaultError ? problem('key-unusable', error.message) : error;
}

function problem(code: ProblemCode, rule: string): ProblemError {
  return new ProblemError(400, code, `uri ${rule}`, { errors: [{ field: 'uri', rule }] });
}
