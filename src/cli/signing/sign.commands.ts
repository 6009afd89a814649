import type { Command } from 'commander';
import type { BindAction } from '../bind-action.js';
import { gathered, parseRepositoryName, passphraseFileOption, waitOption } from '../options.js';
import { sign } from './sign.js';
import { gatherBundles, gatherSignatures } from './sign-flags.js';

const HELP = `
Without a network where the key is:
  trs sign --repository demo --out event.json                   where the network is
  trs sign --in event.json --key root.pem --out signed.json     where the key is
  trs sign --repository demo --send signed.json                 where the network is

With a key in an HSM or key management service that this machine reaches (docs/key-vaults.md):
  trs sign --repository demo --key "pkcs11:token=Alice;object=root"

With openssl alone where the key is:
  trs event show --repository demo --payload payload            writes the bytes to sign
  openssl pkeyutl -sign -rawin -inkey root.pem -in payload | xxd -p          an Ed25519 key
  openssl dgst -sha256 -sign root.pem payload | xxd -p                       ECDSA P-256; -sha384 for P-384
  openssl dgst -sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest \\
    -sign root.pem payload | xxd -p                                          RSA
  trs sign --repository demo --signature "KEYID=HEX"            HEX is what was printed, line ends and all

With a Sigstore identity in place of a key:
  trs event show --repository demo --payload payload
  cosign sign-blob --bundle payload.bundle payload
  trs sign --repository demo --bundle "KEYID=payload.bundle"`;

export function addSignCommands(program: Command, bind: BindAction): void {
  program
    .command('sign')
    .description('Sign what waits for offline signatures, after showing what it changes')
    .argument('[event]', 'the id of the signing event (default: the only open one)')
    .option('--repository <name>', 'the name of the repository', parseRepositoryName)
    .addOption(gathered('--key <file|uri>', 'a private key that signs: a file (PEM), or a key URI; repeatable'))
    .option('--signature <keyid=hex>', 'a signature made elsewhere; repeatable', gatherSignatures)
    .option('--bundle <keyid=file>', 'a Sigstore bundle, for a key that is an identity; repeatable', gatherBundles)
    .addOption(passphraseFileOption('a file with the passphrase of the keys; repeatable'))
    .option('--out <file>', 'without network: write what is to be signed or, with --in, what was signed')
    .option('--in <file>', 'without network: sign what --out wrote')
    .option('--send <file>', 'send what --in and --out have signed')
    .addOption(waitOption())
    .option('-y, --yes', 'do not ask')
    .addHelpText('after', HELP)
    .action(bind(sign));
}
