import { isExpired, renewalDate } from '../expiry.js';
import { ROOT, type RoleName, SNAPSHOT, TARGETS, TIMESTAMP } from '../role-name.js';
import { lifetimeOf } from '../settings.js';
import type { MemoryRepository } from './memory-repository.js';

/** The roles inside their renewal window. */
export function dueRoles({ published, settings, now }: MemoryRepository): RoleName[] {
  if (!published) return [];
  const { root, targets, snapshot, timestamp, delegated } = published;
  const topLevel = [
    [ROOT, root],
    [TARGETS, targets],
    [SNAPSHOT, snapshot],
    [TIMESTAMP, timestamp],
  ] as const;
  return [...delegated, ...topLevel]
    .filter(([role, { signed }]) => renewalDate(signed.expires, lifetimeOf(settings, role)) <= now)
    .map(([role]) => role);
}

export function versionsOf({ published }: MemoryRepository): Map<string, number> {
  const listed = [...(published?.snapshot.signed.meta ?? [])].map(([name, { version }]) => [name, version] as const);
  return new Map([
    ...listed,
    ['snapshot.json', published?.snapshot.signed.version ?? 0],
    ['timestamp.json', published?.timestamp.signed.version ?? 0],
  ]);
}

/** @throws Error unless each version stays or is followed by the next one, and timestamp rises with any other. */
export function assertVersionsRise(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
  isPublished: boolean,
): void {
  for (const [name, version] of before) {
    const rise = (after.get(name) ?? Number.NaN) - version;
    if (rise !== 0 && rise !== 1) throw new Error(`${name} goes from version ${version} to ${after.get(name)}`);
  }
  const rises = (after.get('timestamp.json') ?? 0) - (before.get('timestamp.json') ?? 0);
  if (rises !== (isPublished ? 1 : 0)) throw new Error(`timestamp rises by ${rises}, published is ${isPublished}`);
  const isAnyRisen = [...after].some(([name, version]) => before.get(name) !== version);
  if (isAnyRisen && rises === 0) throw new Error('something is new, and timestamp is not');
}

export function assertAllFresh({ published, now }: MemoryRepository): void {
  const { root, targets, snapshot, timestamp, delegated } = published ?? {};
  for (const metadata of [root, targets, snapshot, timestamp, ...(delegated?.values() ?? [])]) {
    if (!metadata || isExpired(metadata.signed, now)) throw new Error(`expired: ${JSON.stringify(metadata?.signed)}`);
  }
}
