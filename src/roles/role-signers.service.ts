import { Injectable } from '@nestjs/common';
import { KeyStore } from '../database/key.store.js';
import { SigstoreIdentities } from '../sigstore/sigstore-identities.js';
import type { TrustedKeys } from '../tuf/delegation.js';
import { TufError } from '../tuf/errors.js';
import { assertIdentitiesVerifiable } from '../tuf/identity-trust.js';
import { type Key, type KeyId, keyIdOf, keyMaterial, parseKey, parseKeyId } from '../tuf/key.js';
import type { RolesAsTheyStand } from './role-reader.service.js';

/** Turns the keys that a request names or holds into who signs a role. */
@Injectable()
export class RoleSigners {
  constructor(
    private readonly keys: KeyStore,
    private readonly identities: SigstoreIdentities,
  ) {}

  /** @throws TufError naming the key. */
  async resolve(given: readonly unknown[], threshold: number, roles: RolesAsTheyStand): Promise<TrustedKeys> {
    const keys = new Map<KeyId, Key>();
    const materials = new Set<string>();
    for (const [index, item] of given.entries()) {
      const field = `keys[${index}]`;
      const key =
        typeof item === 'string' ? await this.known(parseKeyId(item, field), roles, field) : parseKey(item, field);
      if (materials.has(keyMaterial(key)))
        throw new TufError('key-duplicated', `${field} is a key that is there already`, field);
      materials.add(keyMaterial(key));
      keys.set(keyIdOf(key), key);
    }
    if (threshold > keys.size) {
      throw new TufError(
        'threshold-invalid',
        `threshold is ${threshold}, but there are ${keys.size} keys`,
        'threshold',
      );
    }
    const trusted = { keys: Object.fromEntries(keys), keyids: [...keys.keys()], threshold };
    assertIdentitiesVerifiable(trusted.keys, this.identities.verifier, 'keys');
    return trusted;
  }

  private async known(keyid: KeyId, { planned }: RolesAsTheyStand, field: string): Promise<Key> {
    const trusted = [planned.root, ...planned.delegators.map((role) => planned.delegations(role))];
    const key = trusted.find((roles) => roles?.keys[keyid])?.keys[keyid] ?? (await this.keys.find(keyid))?.key;
    if (key) return key;
    throw new TufError('key-invalid', `${field}: neither the service nor the repository knows a key ${keyid}`, field);
  }
}
