import colors from 'picocolors';
import type { RegisteredKey, Repository, SigningEvent, TopLevelRole } from '../answers.js';
import { describeBytes } from '../bytes.js';
import { describeEvent, inList } from '../events/event-text.js';
import { describePlace } from '../keys/key-text.js';
import { describeMoment, describeSeconds } from '../moment.js';
import { facts, table } from '../table.js';

export interface RepositoryView {
  readonly repository: Repository;
  readonly metadataUrl: string;
  readonly keys: readonly RegisteredKey[];
  readonly openEvents: readonly SigningEvent[];
}

export function describeRepository({ repository, metadataUrl, keys, openEvents }: RepositoryView, now: Date): string {
  return [
    overview(repository, metadataUrl, now),
    ...(repository.roles.length > 0 ? [roleTable(repository.roles, now), keyTable(repository.roles, keys)] : []),
    lifetimeTable(repository),
    ...(repository.warnings.length > 0 ? [describeWarnings(repository)] : []),
    ...openEvents.map((event) => describeEvent(repository.name, event)),
  ].join('\n\n');
}

function overview(repository: Repository, metadataUrl: string, now: Date): string {
  const { bins } = repository.settings;
  const state = repository.state === 'ready' ? colors.green('ready') : colors.yellow(repository.state);
  const inForce = repository.bins
    ? `; highest version ${repository.bins.highestVersion}, the first expires ${describeMoment(repository.bins.earliestExpiry, now)}`
    : '';
  return facts([
    ['Repository', repository.name],
    ['State', state],
    ['Metadata', metadataUrl],
    ['Created', describeMoment(repository.createdAt, now)],
    ['Artifacts', repository.artifactCount.toLocaleString('en-US')],
    ...(repository.sizes ? [['Sizes', describeSizes(repository.sizes)] as const] : []),
    ['Hash bins', bins ? `${bins.count.toLocaleString('en-US')} ${bins.kind}${inForce}` : 'none below targets'],
  ]);
}

function describeSizes({ snapshot, targets, largestRole }: NonNullable<Repository['sizes']>): string {
  const largest = largestRole > targets ? `, largest role ${describeBytes(largestRole)}` : '';
  return `snapshot ${describeBytes(snapshot)}, targets ${describeBytes(targets)}${largest}`;
}

function describeWarnings({ warnings }: Repository): string {
  return inList(
    colors.yellow('Limits to think about (trs plan):'),
    warnings.map(({ detail }) => detail),
  );
}

function roleTable(roles: readonly TopLevelRole[], now: Date): string {
  return table(
    ['Role', 'Version', 'Expires', 'Signatures', 'Keys'],
    roles.map(({ name, version, expires, threshold, keyIds, onlineKeyIds }) => [
      name,
      version,
      describeMoment(expires, now),
      `${threshold} of ${keyIds.length}`,
      whereKeysAre(keyIds.length, onlineKeyIds.length),
    ]),
  );
}

function whereKeysAre(all: number, online: number): string {
  if (online === 0) return 'offline';
  return online === all ? 'online' : `${online} online, ${all - online} offline`;
}

function keyTable(roles: readonly TopLevelRole[], keys: readonly RegisteredKey[]): string {
  const rolesOf = new Map<string, string[]>();
  for (const { name, keyIds } of roles) for (const id of keyIds) rolesOf.set(id, [...(rolesOf.get(id) ?? []), name]);
  const known = new Map(keys.map((key) => [key.keyId, key]));
  return table(
    ['Key', 'Roles', 'Where'],
    [...rolesOf].map(([id, signed]) => [id, signed.join(', '), describePlace(known.get(id))]),
  );
}

function lifetimeTable({ settings }: Repository): string {
  return table(
    ['Role', 'Valid for', 'Signed again'],
    Object.entries(settings.lifetimes).map(([role, { expiry, renewalWindow }]) => [
      role,
      describeSeconds(expiry),
      `${describeSeconds(renewalWindow)} before expiry`,
    ]),
  );
}
