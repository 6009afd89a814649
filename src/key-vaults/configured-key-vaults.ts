import { join } from 'node:path';
import type { KeyVaultEnvironment } from '../environment.js';
import { AwsKmsKeyVault } from './aws-kms-key-vault.js';
import { AzureKeyVault } from './azure-key-vault.js';
import { EnvKeyVault } from './env-key-vault.js';
import { FileKeyVault } from './file-key-vault.js';
import { GcpKmsKeyVault } from './gcp-kms-key-vault.js';
import { KeyVaults } from './key-vaults.js';
import { Pkcs11KeyVault } from './pkcs11/pkcs11-key-vault.js';
import { RemoteKeyVault, type VaultBackend } from './remote-key-vault.js';
import { TransitKeyVault } from './transit-key-vault.js';

export function fileKeyVault({ dataFolder, keyPassphrase }: KeyVaultEnvironment): FileKeyVault {
  return new FileKeyVault(join(dataFolder, 'keys'), keyPassphrase);
}

/** Every vault, as the environment says that it is reached; none is asked for anything yet. */
export function configuredKeyVaults(environment: KeyVaultEnvironment, file = fileKeyVault(environment)): KeyVaults {
  const { keyVaults: settings, keyPassphrase } = environment;
  const { allowed, limits, signingKeys, pkcs11, awsEndpoint, gcpEndpoint, azureHost, transit } = settings;
  const remote = (backend: VaultBackend) => new RemoteKeyVault(backend, limits);
  const vaults = {
    file,
    env: new EnvKeyVault(signingKeys, keyPassphrase),
    pkcs11: remote(new Pkcs11KeyVault(pkcs11)),
    awskms: remote(new AwsKmsKeyVault(awsEndpoint)),
    gcpkms: remote(new GcpKmsKeyVault(gcpEndpoint, limits.timeoutMs)),
    azurekms: remote(new AzureKeyVault(azureHost)),
    vault: remote(new TransitKeyVault(transit)),
  };
  return new KeyVaults(vaults, allowed);
}
