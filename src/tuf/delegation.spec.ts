import { delegatedRoleNames, keysOfDelegatedRole, roleForPath } from './delegation.js';
import { binsDelegation } from './hash-bins.js';
import type { DelegatedRole, Delegations } from './metadata.js';
import { pathHash } from './path-hash.js';
import { parseRoleName, TARGETS } from './role-name.js';
import { newKeyPair } from './testing/key-ring.js';

const [FIRST, SECOND] = [newKeyPair(), newKeyPair()];
const KEYS = { [FIRST.keyId]: FIRST.key, [SECOND.keyId]: SECOND.key };

function role(name: string, prefixes: readonly string[], signer = FIRST): DelegatedRole {
  return {
    name: parseRoleName(name),
    keyids: [signer.keyId],
    threshold: 1,
    terminating: false,
    path_hash_prefixes: prefixes,
  };
}

describe('delegations', () => {
  test('obligation 10: order is priority: the first role whose prefix matches gets the path', () => {
    const hash = pathHash('a');
    const delegations: Delegations = {
      keys: KEYS,
      roles: [role('other', ['00']), role('wide', [hash.slice(0, 1)]), role('narrow', [hash.slice(0, 8)])],
    };
    expect(roleForPath(delegations, 'a')).toBe('wide');
    expect(roleForPath({ ...delegations, roles: [...(delegations.roles ?? [])].reverse() }, 'a')).toBe('narrow');
  });

  test('a path that nothing delegates has no role', () => {
    const wrong = pathHash('a').startsWith('0') ? '1' : '0';
    expect(roleForPath({ keys: KEYS, roles: [role('other', [wrong])] }, 'a')).toBeNull();
    expect(roleForPath({ keys: KEYS, roles: [] }, 'a')).toBeNull();
    expect(roleForPath(undefined, 'a')).toBeNull();
  });

  test('each role is trusted with its own keys', () => {
    const delegations: Delegations = { keys: KEYS, roles: [role('one', ['0'], FIRST), role('two', ['1'], SECOND)] };
    expect(keysOfDelegatedRole(delegations, parseRoleName('two'))).toEqual({
      keys: KEYS,
      keyids: [SECOND.keyId],
      threshold: 1,
    });
    expect(keysOfDelegatedRole(delegations, parseRoleName('three'))).toBeNull();
    expect(keysOfDelegatedRole(undefined, parseRoleName('one'))).toBeNull();
  });

  test('obligation 19: only a bin of the delegation is trusted with the keys of succinct bins', () => {
    const delegations = binsDelegation(TARGETS, { count: 4, kind: 'succinct' }, KEYS, {
      keyids: [FIRST.keyId],
      threshold: 1,
    });
    expect(keysOfDelegatedRole(delegations, parseRoleName('bins-3'))?.keyids).toEqual([FIRST.keyId]);
    expect(keysOfDelegatedRole(delegations, parseRoleName('bins-4'))).toBeNull();
    expect(keysOfDelegatedRole(delegations, parseRoleName('stranger'))).toBeNull();
  });

  test('the delegated roles are named in their order', () => {
    expect(delegatedRoleNames({ keys: KEYS, roles: [role('two', ['1']), role('one', ['0'])] })).toEqual(['two', 'one']);
    expect(delegatedRoleNames(undefined)).toEqual([]);
  });
});
