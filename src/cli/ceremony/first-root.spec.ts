import { KEY_SCHEMES } from '../../tuf/key.js';
import { missingRootSignatures } from '../../tuf/root-trust.js';
import type { OfflineKey } from '../keys/offline-key.js';
import { generateOfflineKey } from '../keys/offline-key.js';
import { usualThreshold } from './ceremony-choices.js';
import { firstRoot, rootExpiry, signFirstRoot } from './first-root.js';

const now = new Date('2026-01-01T00:00:00Z');
const expires = rootExpiry(now, 365);

describe('the first root', () => {
  let keys: OfflineKey[];
  let online: OfflineKey;

  beforeAll(async () => {
    keys = await Promise.all(KEY_SCHEMES.map((scheme) => generateOfflineKey(scheme, `${scheme}.pem`)));
    online = await generateOfflineKey('ed25519', 'online.pem');
  });

  test('is signed by keys of every scheme, so that nothing is missing', async () => {
    const root = firstRoot({ rootKeys: keys, threshold: keys.length, online, targets: null, expires });
    const signed = await signFirstRoot(root, { signers: keys }, now);
    expect(missingRootSignatures(signed)).toBe(0);
  });

  test('counts the signatures of those who are absent as missing', async () => {
    const root = firstRoot({ rootKeys: keys, threshold: 3, online, targets: null, expires });
    const signed = await signFirstRoot(root, { signers: keys.slice(0, 1) }, now);
    expect(missingRootSignatures(signed)).toBe(2);
  });

  test('lets the online key sign everything but root', () => {
    const { roles } = firstRoot({ rootKeys: keys, threshold: 2, online, targets: null, expires });
    expect(roles.root.keyids).not.toContain(online.keyid);
    for (const role of [roles.targets, roles.snapshot, roles.timestamp]) {
      expect(role).toEqual({ keyids: [online.keyid], threshold: 1 });
    }
  });

  test('is refused when a key signs that is not a root key', async () => {
    const root = firstRoot({ rootKeys: keys, threshold: 1, online, targets: null, expires });
    await expect(signFirstRoot(root, { signers: [online] }, now)).rejects.toThrow('not a root key');
  });

  test('expires in whole days', () => {
    expect(expires).toBe('2027-01-01T00:00:00Z');
  });
});

describe('the usual threshold', () => {
  test.each([
    [1, 1],
    [2, 1],
    [3, 2],
    [4, 3],
    [5, 3],
  ])('of %i keys is %i', (keys, threshold) => {
    expect(usualThreshold(keys)).toBe(threshold);
  });
});
