import { keyIdOf, type PublicKey } from '../../tuf/key.js';
import { rootOf } from '../../tuf/testing/roots.js';
import { keyOfRoot } from './key-of-root.js';
import { generateOfflineKey, type OfflineKey } from './offline-key.js';

const pairOf = ({ keyid, key, privateKey }: OfflineKey) => ({ keyId: keyid, key, privateKey });

describe('a private key', () => {
  test('signs under the id that root has for it, whatever else root says about it', async () => {
    const mine = await generateOfflineKey('ed25519', 'mine.pem');
    const key = { ...mine.key, 'x-owner': 'me' } as PublicKey;
    const root = rootOf({ rootKeys: [{ ...pairOf(mine), key, keyId: keyIdOf(key) }], online: [] });
    expect(keyOfRoot(mine, [root])).toEqual({ ...mine, key, keyid: keyIdOf(key) });
  });

  test('of another role is no root key', async () => {
    const [mine, online] = [await generateOfflineKey('ed25519', 'a'), await generateOfflineKey('ed25519', 'b.pem')];
    const root = rootOf({ rootKeys: [pairOf(mine)], online: [pairOf(online)] });
    expect(() => keyOfRoot(online, [root])).toThrow('b.pem is not a root key of root version 1');
  });
});
