import { parseKey, parseKeyId } from '../../tuf/key.js';
import type { Root } from '../../tuf/metadata.js';
import type { RegisteredKey } from '../answers.js';
import { NEW_ONLINE_KEY } from '../ceremony/ceremony-terms.js';
import type { CommandContext } from '../command-context.js';
import { CommandError, EXIT, usageError } from '../command-error.js';
import { publicHalf, requestOnlineKey } from '../keys/create-online-key.js';
import { type NamedKey, readPublicKeyFile } from '../keys/public-key-file.js';
import type { Service } from '../service.js';
import type { OnlineRole } from './next-root.js';
import { type OnlineKeyFlag, onlineKeyByRole } from './online-key-flag.js';

const KEY_ID = /^[0-9a-f]{64}$/;

/** Finds the keys that the flags name, and has the service make those that shall be new. */
export async function gatherOnlineKeyChoices(
  { output }: CommandContext,
  flags: readonly OnlineKeyFlag[],
  { repository, root, service }: { readonly repository: string; readonly root: Root; readonly service: Service | null },
): Promise<Map<OnlineRole, NamedKey>> {
  const wanted = onlineKeyByRole(flags);
  const keys = new Map<OnlineKeyFlag, NamedKey>();
  for (const flag of new Set(wanted.values())) {
    if (flag.key === NEW_ONLINE_KEY) continue;
    keys.set(flag, KEY_ID.test(flag.key) ? await knownKey(flag.key, root, service) : await readPublicKeyFile(flag.key));
  }
  // Last, for a key that the service made stays, whatever else may be wrong.
  for (const flag of new Set(wanted.values())) {
    if (flag.key !== NEW_ONLINE_KEY) continue;
    const roles = [...wanted].filter(([, wish]) => wish === flag).map(([role]) => role);
    const created = publicHalf(await newKey(roles, repository, service));
    output.note(`The service made a key for ${roles.join(', ')}: ${created.keyid}`);
    keys.set(flag, created);
  }
  return new Map(
    [...wanted].flatMap(([role, flag]) => {
      const key = keys.get(flag);
      return key ? [[role, key] as const] : [];
    }),
  );
}

async function knownKey(keyid: string, root: Root, service: Service | null): Promise<NamedKey> {
  const id = parseKeyId(keyid, '--online-key');
  const known = root.keys[id];
  if (known) return { keyid: id, key: known };
  if (!service) throw usageError(`${keyid} is not in this root; without network, name the file of the key`);
  for await (const { keyId, key } of service.items<RegisteredKey>('api/v1/keys', { kind: 'online' })) {
    if (keyId === keyid) return { keyid: id, key: parseKey(key, 'key') };
  }
  throw new CommandError(EXIT.notFound, `neither this root nor the service has an online key ${keyid}`);
}

function newKey(roles: readonly OnlineRole[], repository: string, service: Service | null): Promise<RegisteredKey> {
  if (service)
    return requestOnlineKey(
      service,
      `${repository} ${roles.length > 1 ? 'online' : (roles[0] ?? 'online')}`,
      'ed25519',
    );
  throw usageError(
    'without network there is nobody to make a new online key',
    'Make it first: trs key online --name NAME --out FILE',
  );
}
