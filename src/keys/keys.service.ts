import { Injectable } from '@nestjs/common';
import { Clock } from '../clock.js';
import { KeyStore } from '../database/key.store.js';
import { ProblemError } from '../http/problem.js';
import { FileKeyVault } from '../key-vaults/file-key-vault.js';
import type { KeyUri } from '../key-vaults/key-vault.js';
import { KeyVaults } from '../key-vaults/key-vaults.js';
import { keyIdOf, type PublicKey } from '../tuf/key.js';
import type { CreateKeyDto } from './create-key.dto.js';
import { type KeyDto, type KeyList, keyDto } from './key.dto.js';
import { VaultKeyReader } from './vault-key-reader.service.js';

@Injectable()
export class KeysService {
  constructor(
    private readonly keys: KeyStore,
    private readonly vaults: KeyVaults,
    private readonly files: FileKeyVault,
    private readonly vaultKeys: VaultKeyReader,
    private readonly clock: Clock,
  ) {}

  /** Generates a key in the file vault, or registers the one at `uri`. */
  async create({ name, owner, scheme, uri }: CreateKeyDto): Promise<KeyDto> {
    if (uri !== undefined && scheme !== undefined) throw schemeBesideUri();
    const { key, uri: where } = uri === undefined ? await this.generate(scheme) : await this.register(uri as KeyUri);
    const record = { keyId: keyIdOf(key), uri: where, name, owner: owner ?? null, key, createdAt: this.clock.now() };
    if (!(await this.keys.add(record))) {
      throw new ProblemError(409, 'key-exists', `this key is registered already, with the id ${record.keyId}`);
    }
    return keyDto(record);
  }

  async list(): Promise<KeyList> {
    return { items: (await this.keys.list()).map(keyDto) };
  }

  async get(keyId: string): Promise<KeyDto> {
    const key = /^[0-9a-f]{64}$/.test(keyId) ? await this.keys.find(keyId) : null;
    if (!key) throw new ProblemError(404, 'key-unknown', 'there is no online key with this id');
    return keyDto(key);
  }

  private async generate(scheme: CreateKeyDto['scheme'] = 'ed25519') {
    if (!this.vaults.allows('file')) {
      const advice = 'TRS_KEY_VAULTS allows no keys in files; register one of a key vault with uri';
      throw new ProblemError(400, 'key-vault-not-allowed', advice, { errors: [{ field: 'uri', rule: 'is missing' }] });
    }
    return this.files.generate(scheme);
  }

  private async register(uri: KeyUri): Promise<{ uri: KeyUri; key: PublicKey }> {
    return { uri, key: await this.vaultKeys.provenKey(uri) };
  }
}

function schemeBesideUri(): ProblemError {
  const rule = 'must not stand beside uri: the key in the vault has its own scheme';
  return new ProblemError(400, 'request-invalid', `scheme ${rule}`, { errors: [{ field: 'scheme', rule }] });
}
