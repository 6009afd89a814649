import type { Root, TopLevelRole } from '../metadata.js';
import { type KeyPair, keysField } from './key-ring.js';

/** The moment at which specs take place. */
export const NOW = new Date('2026-03-01T12:00:00Z');

export function secondsAfter(moment: Date, seconds: number): Date {
  return new Date(moment.getTime() + seconds * 1_000);
}

export interface RootPlan {
  readonly rootKeys: readonly KeyPair[];
  readonly threshold?: number;
  /** Sign targets, snapshot and timestamp, unless `roles` says otherwise. */
  readonly online: readonly KeyPair[];
  readonly roles?: Partial<Record<TopLevelRole, readonly KeyPair[]>>;
  readonly expires?: string;
}

/** A first root; every role but root has a threshold of 1. */
export function rootOf({
  rootKeys,
  threshold = 1,
  online,
  roles = {},
  expires = '2027-03-01T12:00:00Z',
}: RootPlan): Root {
  const signers = { targets: online, snapshot: online, timestamp: online, ...roles, root: rootKeys };
  const keyIds = (pairs: readonly KeyPair[]) => pairs.map(({ keyId }) => keyId);
  return {
    _type: 'root',
    spec_version: '1.0.34',
    version: 1,
    expires,
    consistent_snapshot: true,
    keys: keysField(Object.values(signers).flat()),
    roles: {
      root: { keyids: keyIds(rootKeys), threshold },
      targets: { keyids: keyIds(signers.targets), threshold: 1 },
      snapshot: { keyids: keyIds(signers.snapshot), threshold: 1 },
      timestamp: { keyids: keyIds(signers.timestamp), threshold: 1 },
    },
  };
}
