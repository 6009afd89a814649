import { Injectable } from '@nestjs/common';
import type { Origin } from '../audit-chain/audit-entry.js';
import { Clock } from '../clock.js';
import { KeyStore } from '../database/key.store.js';
import { cursorInvalid, cursorKey, type PageQuery, pageOf } from '../http/pagination.js';
import { ProblemError } from '../http/problem.js';
import { FileKeyVault } from '../key-vaults/file-key-vault.js';
import type { KeyUri } from '../key-vaults/key-vault.js';
import { KeyVaults } from '../key-vaults/key-vaults.js';
import { type Key, keyIdOf } from '../tuf/key.js';
import type { CreateKeyDto } from './create-key.dto.js';
import { type KeyDto, type KeyPage, keyDto } from './key.dto.js';
import type { ListKeysQuery } from './list-keys.query.js';
import { parseOfflineKey } from './offline-key.js';
import type { UpdateKeyDto } from './update-key.dto.js';
import { VaultKeyReader } from './vault-key-reader.service.js';

const KEY_ID = /^[0-9a-f]{64}$/;

interface FoundKey {
  /** Null for an offline key. */
  readonly uri: KeyUri | null;
  readonly key: Key;
}

@Injectable()
export class KeysService {
  constructor(
    private readonly keys: KeyStore,
    private readonly vaults: KeyVaults,
    private readonly files: FileKeyVault,
    private readonly vaultKeys: VaultKeyReader,
    private readonly clock: Clock,
  ) {}

  /** Generates a key in the file vault, registers the one at `uri`, or takes down the offline one whose public half is `key`. */
  async create(body: CreateKeyDto, origin: Origin): Promise<KeyDto> {
    assertOneOrigin(body);
    const { key, uri } = await this.keyOf(body);
    const { name, owner = null } = body;
    const record = { keyId: keyIdOf(key), uri, name, owner, key, createdAt: this.clock.now() };
    if (!(await this.keys.add(record, origin))) {
      throw new ProblemError(409, 'key-exists', `this key is registered already, with the id ${record.keyId}`);
    }
    return keyDto(record);
  }

  async list(query: ListKeysQuery): Promise<KeyPage> {
    const found = await this.keys.list(query.kind, keyCursor(query), query.limit + 1);
    return pageOf(found, query.limit, ({ keyId }) => keyId, keyDto);
  }

  async get(keyId: string): Promise<KeyDto> {
    const key = KEY_ID.test(keyId) ? await this.keys.find(keyId) : null;
    if (!key) throw keyUnknown();
    return keyDto(key);
  }

  async update(keyId: string, { name, owner }: UpdateKeyDto, origin: Origin): Promise<KeyDto> {
    const names = { ...(name !== undefined && { name }), ...(owner !== undefined && { owner }) };
    const key = KEY_ID.test(keyId) ? await this.keys.rename(keyId, names, origin, this.clock.now()) : null;
    if (!key) throw keyUnknown();
    return keyDto(key);
  }

  private async keyOf({ scheme, uri, key }: CreateKeyDto): Promise<FoundKey> {
    if (key !== undefined) return { uri: null, key: parseOfflineKey(key) };
    return uri === undefined ? this.generate(scheme) : this.register(uri as KeyUri);
  }

  private async generate(scheme: CreateKeyDto['scheme'] = 'ed25519'): Promise<FoundKey> {
    if (!this.vaults.allows('file')) {
      const advice = 'TRS_KEY_VAULTS allows no keys in files; register one of a key vault with uri';
      throw new ProblemError(400, 'key-vault-not-allowed', advice, { errors: [{ field: 'uri', rule: 'is missing' }] });
    }
    return this.files.generate(scheme);
  }

  private async register(uri: KeyUri): Promise<FoundKey> {
    return { uri, key: await this.vaultKeys.provenKey(uri) };
  }
}

// Each of them alone says which key it is, and what kind.
function assertOneOrigin(body: CreateKeyDto): void {
  const [field, other] = (['scheme', 'uri', 'key'] as const).filter((origin) => body[origin] !== undefined);
  if (!field || !other) return;
  const rule = `must not stand beside ${other}`;
  throw new ProblemError(400, 'request-invalid', `${field} ${rule}`, { errors: [{ field, rule }] });
}

function keyCursor(query: PageQuery): string {
  const keyId = cursorKey(query);
  if (keyId !== '' && !KEY_ID.test(keyId)) throw cursorInvalid();
  return keyId;
}

function keyUnknown(): ProblemError {
  return new ProblemError(404, 'key-unknown', 'there is no key with this id');
}
