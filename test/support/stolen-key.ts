import { createPrivateKey, createPublicKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { keyFromPublicKey } from '../../src/tuf/key.js';
import type { OfflineKey } from './ceremony.js';
import type { TestService } from './service.js';

/** The private half of an Ed25519 key of the service, as whoever gets at its folder has it where there is no passphrase. */
export async function stolenKey({ dataFolder }: TestService, keyId: string): Promise<OfflineKey> {
  const privateKey = createPrivateKey(await readFile(join(dataFolder, 'keys', `${keyId}.pem`)));
  return {
    keyId: keyId as OfflineKey['keyId'],
    key: keyFromPublicKey(createPublicKey(privateKey), 'ed25519'),
    privateKey,
  };
}
