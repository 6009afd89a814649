import { join } from 'node:path';
import { type DynamicModule, Module } from '@nestjs/common';
import type { Environment } from '../environment.js';
import { FileKeyVault } from './file-key-vault.js';
import { KeyVault } from './key-vault.js';
import { KeyVaults } from './key-vaults.js';
import { openKeyVaults } from './open-key-vaults.js';
import { SigningProbe } from './signing-probe.service.js';

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
        { provide: KeyVaults, useFactory: () => openKeyVaults(file, environment) },
        { provide: KeyVault, useExisting: KeyVaults },
        SigningProbe,
      ],
      exports: [FileKeyVault, KeyVaults, KeyVault, SigningProbe],
    };
  }
}
