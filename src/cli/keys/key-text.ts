import type { RegisteredKey } from '../answers.js';
import { describeMoment } from '../moment.js';
import { printable } from '../printable.js';
import { facts, table } from '../table.js';

export function describeKeys(keys: readonly RegisteredKey[]): string {
  return table(
    ['Name', 'Owner', 'Key id', 'Scheme', 'Where'],
    keys.map((key) => [
      printable(key.name),
      printable(key.owner ?? '-'),
      key.keyId,
      printable(key.key.scheme),
      key.uri === null ? 'offline' : printable(key.uri),
    ]),
  );
}

export function describeKey({ keyId, name, owner, uri, key, createdAt }: RegisteredKey, now: Date): string {
  return facts([
    ['Name', printable(name)],
    ['Owner', printable(owner ?? '-')],
    ['Key id', keyId],
    ['Scheme', printable(key.scheme)],
    [
      'Private key',
      uri === null ? 'with its owner (offline)' : `${printable(uri)} (online: the service signs with it)`,
    ],
    ['Registered', describeMoment(createdAt, now)],
  ]);
}

/** Who signs with a key of a root, as far as the service knows it. */
export function describePlace(key: RegisteredKey | undefined): string {
  if (!key) return 'offline';
  return `${key.kind}: ${printable(key.name)}${key.owner === null ? '' : ` (${printable(key.owner)})`}`;
}
