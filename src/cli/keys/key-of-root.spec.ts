import { type Key, keyIdOf } from '../../tuf/key.js';
import { verifySignature } from '../../tuf/signature.js';
import { rootOf } from '../../tuf/testing/roots.js';
import { keyOfRoot } from './key-of-root.js';
import { generateOfflineKey, type OfflineKey } from './offline-key.js';

const pairOf = ({ keyid, key, privateKey }: OfflineKey) => ({ keyId: keyid, key, privateKey });

describe('a private key', () => {
  test('signs under the id that root has for it, whatever else root says about it', async () => {
    const mine = await generateOfflineKey('ed25519', 'mine.pem');
    const key = { ...mine.key, 'x-owner': 'me' } as Key;
    const root = rootOf({ rootKeys: [{ ...pairOf(mine), key, keyId: keyIdOf(key) }], online: [] });
    const found = keyOfRoot(mine, [root]);
    expect(found).toMatchObject({ label: 'mine.pem', key, keyid: keyIdOf(key) });
    const bytes = Buffer.from('bytes');
    const signature = await found.sign(bytes);
    expect(signature.keyid).toBe(keyIdOf(key));
    expect(verifySignature(key, bytes, signature)).toBe(true);
  });

  test('of another role is no root key', async () => {
    const [mine, online] = [await generateOfflineKey('ed25519', 'a'), await generateOfflineKey('ed25519', 'b.pem')];
    const root = rootOf({ rootKeys: [pairOf(mine)], online: [pairOf(online)] });
    expect(() => keyOfRoot(online, [root])).toThrow('b.pem is not a root key of root version 1');
  });
});
