import type { TrustedKeys } from '../../tuf/delegation.js';
import type { DelegatedRole, Targets } from '../../tuf/metadata.js';
import type { PathPattern } from '../../tuf/path-pattern.js';
import { ROOT, type RoleName, TARGETS } from '../../tuf/role-name.js';
import { type KeyPair, keysField, newKeyPairs, signedBy } from '../../tuf/testing/key-ring.js';
import { rootOf } from '../../tuf/testing/roots.js';
import { type Delegator, type DelegatorChain, parseChain, voucherOf } from './delegator-chain.js';

const [rootKey, online, alice, bob, thief] = newKeyPairs(5) as [KeyPair, KeyPair, KeyPair, KeyPair, KeyPair];
const TEAM = 'team' as RoleName;
const SUB = 'team-sub' as RoleName;

const signers = (...pairs: KeyPair[]): TrustedKeys => ({
  keys: keysField(pairs),
  keyids: pairs.map(({ keyId }) => keyId),
  threshold: 1,
});

function delegating(role: RoleName, { keys, keyids, threshold }: TrustedKeys, version = 3): Targets {
  const to: DelegatedRole = { name: role, keyids, threshold, terminating: false, paths: ['team/*' as PathPattern] };
  const delegations = { keys, roles: [to] };
  return {
    _type: 'targets',
    spec_version: '1.0.34',
    version,
    expires: '2027-03-01T12:00:00Z',
    targets: {},
    delegations,
  };
}

const root: Delegator = { role: ROOT, metadata: signedBy(rootOf({ rootKeys: [rootKey], online: [online] }), rootKey) };
const targets = (by: KeyPair, to: KeyPair = alice): Delegator => ({
  role: TARGETS,
  metadata: signedBy(delegating(TEAM, signers(to)), by),
});
const team: Delegator = { role: TEAM, metadata: signedBy(delegating(SUB, signers(bob), 7), alice) };
const unsigned: Delegator = { role: TARGETS, metadata: signedBy(delegating(TEAM, signers(bob), 4)) };

const IN_FORCE = { role: TARGETS, version: 3, isInForce: true };

describe('who signs a role', () => {
  test.each<[name: string, role: RoleName, who: KeyPair, chain: Partial<DelegatorChain>, voucher: object | null]>([
    ['is said by its delegator in force', TEAM, alice, { inForce: [root, targets(online)] }, IN_FORCE],
    ['is said by root, for targets', TARGETS, online, { inForce: [root] }, { role: ROOT, version: 1, isInForce: true }],
    [
      'is said by a delegated role, too',
      SUB,
      bob,
      { inForce: [root, targets(online), team] },
      { role: TEAM, version: 7, isInForce: true },
    ],
    [
      'is said by what is published together with it',
      TEAM,
      bob,
      { inForce: [root, targets(online)], proposed: unsigned },
      { role: TARGETS, version: 4, isInForce: false },
    ],
    ['is not said for other keys', TEAM, thief, { inForce: [root, targets(online)], proposed: unsigned }, null],
    ['is not said by a delegator that another key signed', TEAM, alice, { inForce: [root, targets(thief)] }, null],
    ['is not said without root', TEAM, alice, { inForce: [targets(online)] }, null],
    ['is not said below a link that is missing', SUB, bob, { inForce: [root, team] }, null],
    ['is said by nobody but the service before there is anything', TEAM, alice, {}, null],
  ])('%s', (_name, role, who, chain, voucher) => {
    const delegators = { inForce: [], proposed: null, ...chain };
    expect(voucherOf(role, signers(who), delegators)).toEqual(voucher);
    expect(parseChain(JSON.parse(JSON.stringify(delegators)), 'delegators')).toEqual(delegators);
  });
});
