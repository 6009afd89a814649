import { Injectable } from '@nestjs/common';
import { Clock } from '../clock.js';
import { KeyStore } from '../database/key.store.js';
import { ProblemError } from '../http/problem.js';
import { KeyVault } from '../key-vaults/key-vault.js';
import { keyIdOf } from '../tuf/key.js';
import type { CreateKeyDto } from './create-key.dto.js';
import { type KeyDto, type KeyList, keyDto } from './key.dto.js';

@Injectable()
export class KeysService {
  constructor(
    private readonly keys: KeyStore,
    private readonly vault: KeyVault,
    private readonly clock: Clock,
  ) {}

  async create({ name, scheme }: CreateKeyDto): Promise<KeyDto> {
    const { uri, key } = await this.vault.generate(scheme);
    const record = { keyId: keyIdOf(key), uri, name, key, createdAt: this.clock.now() };
    await this.keys.add(record);
    return keyDto(record);
  }

  async list(): Promise<KeyList> {
    return { items: (await this.keys.list()).map(keyDto) };
  }

  async get(keyId: string): Promise<KeyDto> {
    const key = await this.keys.find(keyId);
    if (!key) throw new ProblemError(404, 'key-unknown', 'there is no online key with this id');
    return keyDto(key);
  }
}
