import { type KeyScheme, parseKey } from '../../tuf/key.js';
import type { RegisteredKey } from '../answers.js';
import type { CommandContext } from '../command-context.js';
import { EXIT, type ExitCode } from '../command-error.js';
import { assertNotThere, writeNewJson } from '../new-file.js';
import type { Service } from '../service.js';
import { facts } from '../table.js';
import { type NamedKey, namedKey } from './public-key-file.js';

export interface OnlineKeyFlags {
  readonly name: string;
  readonly owner?: string;
  readonly scheme: KeyScheme;
  readonly out?: string;
}

export async function createOnlineKey(context: CommandContext, flags: OnlineKeyFlags): Promise<ExitCode> {
  if (flags.out !== undefined) await assertNotThere(flags.out);
  const created = await requestOnlineKey(await context.connect(), flags.name, flags.scheme, flags.owner);
  if (flags.out !== undefined) await writeNewJson(flags.out, publicHalf(created));
  context.output.show({ ...created, ...(flags.out !== undefined && { file: flags.out }) }, () =>
    facts([
      ['Key id', created.keyId],
      ['Private key', `${created.uri} (in the key vault of the service)`],
      ...(flags.out === undefined ? [] : [['Public key', flags.out] as const]),
    ]),
  );
  return EXIT.fine;
}

export function requestOnlineKey(
  service: Service,
  name: string,
  scheme: KeyScheme,
  owner?: string,
): Promise<RegisteredKey> {
  return service.post('api/v1/keys', { name, scheme, ...(owner !== undefined && { owner }) });
}

export function publicHalf(created: RegisteredKey): NamedKey {
  return namedKey(parseKey(created.key, 'key'));
}
