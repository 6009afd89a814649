import { type DynamicModule, Module } from '@nestjs/common';
import type { KeyVaultEnvironment } from '../environment.js';
import { configuredKeyVaults, fileKeyVault } from './configured-key-vaults.js';
import { FileKeyVault } from './file-key-vault.js';
import { KeyVault } from './key-vault.js';
import { KeyVaults } from './key-vaults.js';
import { SigningProbe } from './signing-probe.service.js';

@Module({})
export class KeyVaultsModule {
  static in(environment: KeyVaultEnvironment): DynamicModule {
    const file = fileKeyVault(environment);
    return {
      module: KeyVaultsModule,
      global: true,
      providers: [
        { provide: FileKeyVault, useValue: file },
        { provide: KeyVaults, useFactory: () => configuredKeyVaults(environment, file) },
        { provide: KeyVault, useExisting: KeyVaults },
        SigningProbe,
      ],
      exports: [FileKeyVault, KeyVaults, KeyVault, SigningProbe],
    };
  }
}
