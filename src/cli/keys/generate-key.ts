import type { KeyScheme } from '../../tuf/key.js';
import type { CommandContext } from '../command-context.js';
import { EXIT, type ExitCode } from '../command-error.js';
import { facts } from '../table.js';
import { assertKeyFilesNotThere, generateOfflineKey, keepOfflineKey, publicKeyFile } from './offline-key.js';
import { newPassphrase, type PassphraseFlags } from './passphrase.js';

export interface GenerateKeyFlags extends PassphraseFlags {
  readonly out: string;
  readonly scheme: KeyScheme;
}

export async function generateKey(context: CommandContext, flags: GenerateKeyFlags): Promise<ExitCode> {
  await assertKeyFilesNotThere(flags.out);
  const passphrase = await newPassphrase(context, flags);
  const key = await generateOfflineKey(flags.scheme, flags.out);
  await keepOfflineKey(key, passphrase);
  const isEncrypted = passphrase !== undefined;
  const result = {
    keyid: key.keyid,
    scheme: flags.scheme,
    privateKey: key.file,
    publicKey: publicKeyFile(key.file),
    isEncrypted,
  };
  context.output.show(result, () =>
    facts([
      ['Key id', key.keyid],
      ['Private key', `${key.file} (${isEncrypted ? 'encrypted' : 'not encrypted'}; keep it offline, with a copy)`],
      ['Public key', result.publicKey],
    ]),
  );
  return EXIT.fine;
}
