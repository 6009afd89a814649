import { keyIdOf, type PublicKey } from '../../tuf/key.js';
import { keysOfTopLevelRole } from '../../tuf/root-trust.js';
import { rootOf } from '../../tuf/testing/roots.js';
import { generateOfflineKey, type OfflineKey } from './offline-key.js';
import { trustedSigner } from './trusted-signer.js';

const pairOf = ({ keyid, key, privateKey }: OfflineKey) => ({ keyId: keyid, key, privateKey });

describe('a private key', () => {
  test('signs under the id that root has for it, whatever else root says about it', async () => {
    const mine = await generateOfflineKey('ed25519', 'mine.pem');
    const key = { ...mine.key, 'x-owner': 'me' } as PublicKey;
    const root = rootOf({ rootKeys: [{ ...pairOf(mine), key, keyId: keyIdOf(key) }], online: [] });
    const signer = trustedSigner(mine, [keysOfTopLevelRole(root, 'root')], 'root version 1');
    expect(signer).toMatchObject({ label: 'mine.pem', key, keyid: keyIdOf(key) });
    expect((await signer.sign(Buffer.from('bytes'))).keyid).toBe(keyIdOf(key));
  });

  test('of another role is no root key', async () => {
    const [mine, online] = [await generateOfflineKey('ed25519', 'a'), await generateOfflineKey('ed25519', 'b.pem')];
    const root = rootOf({ rootKeys: [pairOf(mine)], online: [pairOf(online)] });
    const judge = () => trustedSigner(online, [keysOfTopLevelRole(root, 'root')], 'root version 1');
    expect(judge).toThrow('b.pem is not a key of root version 1');
  });
});
