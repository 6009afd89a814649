import type { TufErrorCode } from './errors.js';
import type { Root, SignedMetadata } from './metadata.js';
import { assertOnlineRoles } from './online-roles.js';
import {
  assertAcceptableFirstRoot,
  assertRootSignature,
  keysOfTopLevelRole,
  missingRootSignatures,
} from './root-trust.js';
import { type KeyPair, newKeyPairs, signatureBy, signedBy } from './testing/key-ring.js';
import { refusal, refusalOf } from './testing/refusals.js';
import { NOW, rootOf } from './testing/roots.js';

const [FIRST, SECOND, THIRD, ONLINE, STRANGER] = newKeyPairs(5) as [KeyPair, KeyPair, KeyPair, KeyPair, KeyPair];
const ROOT = rootOf({ rootKeys: [FIRST, SECOND, THIRD], threshold: 2, online: [ONLINE] });

const signed = (fields: Partial<Root>) => signedBy({ ...ROOT, ...fields }, FIRST);

describe('a first root', () => {
  test.each<[name: string, root: SignedMetadata<Root>, code: TufErrorCode, field: string]>([
    ['of version 2', signed({ version: 2 }), 'metadata-version-wrong', 'root.signed.version'],
    ['that has expired', signed({ expires: '2026-03-01T12:00:00Z' }), 'metadata-expired', 'root.signed.expires'],
    [
      'that expires in 21 years',
      signed({ expires: '2047-03-01T12:00:00Z' }),
      'metadata-expiry-absurd',
      'root.signed.expires',
    ],
    ['without signatures', signedBy(ROOT), 'signatures-missing', 'root.signatures'],
    ['signed by a stranger', signedBy(ROOT, FIRST, STRANGER), 'signature-foreign', 'root.signatures[1].keyid'],
    ['signed by a key of another role', signedBy(ROOT, ONLINE), 'signature-foreign', 'root.signatures[0].keyid'],
    [
      'signed over other content',
      { signed: ROOT, signatures: [signatureBy(FIRST, { ...ROOT, version: 2 })] },
      'signature-invalid',
      'root.signatures[0].sig',
    ],
  ])('obligation 12: %s is refused', (_name, root, code, field) => {
    expect(refusal(() => assertAcceptableFirstRoot(root, NOW))).toMatchObject({ code, field });
  });

  test.each<[signers: number, root: SignedMetadata<Root>, missing: number]>([
    [1, signedBy(ROOT, FIRST), 1],
    [2, signedBy(ROOT, FIRST, THIRD), 0],
    [3, signedBy(ROOT, FIRST, SECOND, THIRD), 0],
  ])(
    'obligation 12: signed by %i of a threshold of 2 is acceptable, and says how many it lacks',
    (_name, root, missing) => {
      expect(refusalOf(() => assertAcceptableFirstRoot(root, NOW))).toBe('accepted');
      expect(missingRootSignatures(root)).toBe(missing);
    },
  );

  test('each role is trusted with its own keys and threshold', () => {
    expect(keysOfTopLevelRole(ROOT, 'root')).toEqual({
      keys: ROOT.keys,
      keyids: [FIRST.keyId, SECOND.keyId, THIRD.keyId],
      threshold: 2,
    });
    expect(keysOfTopLevelRole(ROOT, 'snapshot')).toMatchObject({ keyids: [ONLINE.keyId], threshold: 1 });
  });

  test('a signature by an id that objects inherit is foreign, and no error', () => {
    const signature = { ...signatureBy(FIRST, ROOT), keyid: 'constructor' as typeof FIRST.keyId };
    expect(refusalOf(() => assertRootSignature(ROOT, null, signature, 'signature'))).toBe('signature-foreign');
  });
});

describe('online roles', () => {
  test('are those whose threshold the keys of the service reach', () => {
    expect(refusalOf(() => assertOnlineRoles(ROOT, new Set([ONLINE.keyId])))).toBe('accepted');
  });

  test.each(['snapshot', 'timestamp'] as const)('without an online key for %s are refused', (role) => {
    const root = rootOf({ rootKeys: [FIRST], online: [ONLINE], roles: { [role]: [SECOND] } });
    expect(refusal(() => assertOnlineRoles(root, new Set([ONLINE.keyId])))).toMatchObject({
      code: 'online-key-missing',
      field: `root.signed.roles.${role}.keyids`,
    });
  });

  test('below the threshold are refused', () => {
    const root = rootOf({ rootKeys: [FIRST], online: [ONLINE, SECOND] });
    const roles = { ...root.roles, timestamp: { ...root.roles.timestamp, threshold: 2 } };
    const judge = (...keys: KeyPair[]) =>
      refusalOf(() => assertOnlineRoles({ ...root, roles }, new Set(keys.map(({ keyId }) => keyId))));
    expect(judge(ONLINE)).toBe('online-key-missing');
    expect(judge(ONLINE, SECOND)).toBe('accepted');
  });

  test('obligation 18: root itself needs no online key', () => {
    expect(refusalOf(() => assertOnlineRoles(ROOT, new Set([ONLINE.keyId])))).toBe('accepted');
    expect(ROOT.roles.root.keyids).not.toContain(ONLINE.keyId);
  });
});
