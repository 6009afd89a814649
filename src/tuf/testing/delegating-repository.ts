import { parseSettings } from '../settings.js';
import { type KeyPair, newKeyPairs, signedBy } from './key-ring.js';
import { MemoryRepository } from './memory-repository.js';
import { rootOf } from './roots.js';

/** Keys that live as long as a spec: two that the service has, and those of people. */
export const ONLINE = newKeyPairs(2) as [KeyPair, KeyPair];
export const PEOPLE = newKeyPairs(3) as [KeyPair, KeyPair, KeyPair];
export const TARGETS_KEYS = newKeyPairs(2) as [KeyPair, KeyPair];
export const ROOT_KEY: KeyPair = newKeyPairs(1)[0] as KeyPair;

export const NO_BINS = parseSettings({ bins: null });

/** Targets lists artifacts itself, signed by the service. */
export function withOnlineTargets(settings = NO_BINS): MemoryRepository {
  const repository = new MemoryRepository({ settings, online: ONLINE });
  const root = rootOf({ rootKeys: [ROOT_KEY], online: [ONLINE[0]] });
  repository.publish([{ kind: 'set-root', root: signedBy(root, ROOT_KEY) }]);
  return repository;
}

/** Targets lists artifacts itself, signed by the first of the keys for it. */
export function withOfflineTargets(settings = NO_BINS): MemoryRepository {
  const repository = new MemoryRepository({ settings, online: ONLINE });
  const root = rootOf({ rootKeys: [ROOT_KEY], online: [ONLINE[0]], roles: { targets: [TARGETS_KEYS[0]] } });
  repository.publish([{ kind: 'set-root', root: signedBy(root, ROOT_KEY) }]);
  repository.signEvent('targets', TARGETS_KEYS[0]);
  return repository;
}
