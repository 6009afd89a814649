import type { IdentityKey } from './identity-key.js';
import { assertIdentitiesVerifiable } from './identity-trust.js';
import { delegationIdentityWarnings } from './identity-warnings.js';
import { keyIdOf } from './key.js';
import type { Delegations, Root } from './metadata.js';
import { parseRoleName } from './role-name.js';
import { rootWarnings } from './root-warnings.js';
import { type KeyPair, keysField, newKeyPairs } from './testing/key-ring.js';
import { refusal } from './testing/refusals.js';
import { NOW, rootOf } from './testing/roots.js';

const [FIRST, SECOND, ONLINE] = newKeyPairs(3) as [KeyPair, KeyPair, KeyPair];
const ANN: IdentityKey = {
  keytype: 'sigstore-oidc',
  scheme: 'Fulcio',
  keyval: { identity: 'ann@example.com', issuer: 'https://accounts.example.com' },
};
const ANN_ID = keyIdOf(ANN);
const ROOT = rootOf({ rootKeys: [FIRST, SECOND], online: [ONLINE] });

function withAnn(threshold: number): Root {
  const { keyids } = ROOT.roles.root;
  const root = { keyids: [...keyids, ANN_ID], threshold };
  return { ...ROOT, keys: { ...ROOT.keys, [ANN_ID]: ANN }, roles: { ...ROOT.roles, root } };
}

describe('a root with a Sigstore identity', () => {
  test('warns of the clients that refuse it, and names the identity', () => {
    expect(rootWarnings(withAnn(2), NOW)).toEqual([
      expect.stringMatching(
        /ann@example\.com of https:\/\/accounts.*python-tuf as it comes, go-tuf and tough refuse root/,
      ),
    ]);
  });

  test('warns further when no common client can verify it', () => {
    expect(rootWarnings(withAnn(3), NOW)).toContainEqual(
      expect.stringMatching(/role root needs 3 signatures and has 2 keys.*only python-tuf/),
    );
  });

  test('without one there is nothing to warn of', () => {
    expect(rootWarnings(ROOT, NOW)).toEqual([]);
  });
});

describe('delegations with a Sigstore identity', () => {
  const team = {
    name: parseRoleName('team'),
    keyids: [ANN_ID],
    threshold: 1,
    terminating: true,
    path_hash_prefixes: [],
  };
  const delegations: Delegations = { keys: { [ANN_ID]: ANN, ...keysField([FIRST]) }, roles: [team] };

  test('warn as root does, of the role', () => {
    expect(delegationIdentityWarnings(delegations)).toEqual([
      expect.stringContaining('go-tuf and tough refuse the role with these delegations'),
      expect.stringContaining('role team needs 1 signatures and has 0 keys'),
    ]);
    expect(delegationIdentityWarnings({ ...delegations, keys: keysField([FIRST]) })).toEqual([]);
  });

  test('are refused where no Sigstore is trusted', () => {
    const check = (verifier?: () => boolean) => () => assertIdentitiesVerifiable(delegations.keys, verifier, 'keys');
    expect(refusal(check())).toMatchObject({ code: 'sigstore-not-configured', field: `keys.${ANN_ID}` });
    expect(check(() => false)).not.toThrow();
  });
});
