import { join } from 'node:path';
import { type DynamicModule, Module } from '@nestjs/common';
import type { Environment } from '../environment.js';
import { AwsKmsKeyVault } from './aws-kms-key-vault.js';
import { AzureKeyVault } from './azure-key-vault.js';
import { EnvKeyVault } from './env-key-vault.js';
import { FileKeyVault } from './file-key-vault.js';
import { GcpKmsKeyVault } from './gcp-kms-key-vault.js';
import { KeyVault } from './key-vault.js';
import { KeyVaults } from './key-vaults.js';
import { Pkcs11KeyVault } from './pkcs11/pkcs11-key-vault.js';
import { RemoteKeyVault, type VaultBackend } from './remote-key-vault.js';
import { SigningProbe } from './signing-probe.service.js';
import { TransitKeyVault } from './transit-key-vault.js';

@Module({})
export class KeyVaultsModule {
  static in(environment: Environment): DynamicModule {
    const { dataFolder, keyPassphrase } = environment;
    const file = new FileKeyVault(join(dataFolder, 'keys'), keyPassphrase);
    return {
      module: KeyVaultsModule,
      global: true,
      providers: [
        { provide: FileKeyVault, useValue: file },
        { provide: KeyVaults, useFactory: () => keyVaults(file, environment) },
        { provide: KeyVault, useExisting: KeyVaults },
        SigningProbe,
      ],
      exports: [FileKeyVault, KeyVaults, KeyVault, SigningProbe],
    };
  }
}

function keyVaults(file: FileKeyVault, { keyVaults: settings, keyPassphrase }: Environment): KeyVaults {
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
