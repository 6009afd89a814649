import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { type KeyVaultEnvironment, readKeyVaultEnvironment } from '../environment.js';

/** What `trs` takes from its environment; nothing else in the command reads variables. */
export interface CliEnvironment {
  readonly server: string | undefined;
  readonly token: string | undefined;
  readonly tokenFile: string | undefined;
  readonly offlinePassphrase: string | undefined;
  /** Read where a key vault is used, so that what is wrong with it stops nothing else. @throws EnvironmentError */
  readonly keyVaults: () => KeyVaultEnvironment;
  readonly configFile: string;
  /** Where clients keep the metadata that they trust. */
  readonly trustFolder: string;
}

export const ENVIRONMENT_HELP = `
Environment:
  TRS_SERVER              the address of the service (default http://127.0.0.1:3000)
  TRS_TOKEN_FILE          a file that holds the access token
  TRS_TOKEN               the access token itself
  TRS_OFFLINE_PASSPHRASE  the passphrase of offline keys
  TRS_PKCS11_MODULE, TRS_PKCS11_PIN_FILE, TRS_VAULT_ADDR …
                          how key vaults are reached, where a key URI signs: as for the service
  NO_COLOR                no colours
The file ~/.config/trs/config.json may say the same: {"server": "…", "tokenFile": "…"}.`;

export function readCliEnvironment(variables: NodeJS.ProcessEnv): CliEnvironment {
  const given = (name: string) => variables[name] || undefined;
  // XDG base directories: a relative path is to be ignored
  const folder = (name: string, fallback: string) => {
    const path = given(name);
    return path && isAbsolute(path) ? path : join(homedir(), fallback);
  };
  return {
    server: given('TRS_SERVER'),
    token: given('TRS_TOKEN'),
    tokenFile: given('TRS_TOKEN_FILE'),
    offlinePassphrase: given('TRS_OFFLINE_PASSPHRASE'),
    keyVaults: () => readKeyVaultEnvironment(variables),
    configFile: join(folder('XDG_CONFIG_HOME', '.config'), 'trs', 'config.json'),
    trustFolder: join(folder('XDG_DATA_HOME', '.local/share'), 'trs'),
  };
}
