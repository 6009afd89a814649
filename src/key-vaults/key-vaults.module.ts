import { join } from 'node:path';
import { type DynamicModule, Module } from '@nestjs/common';
import type { Environment } from '../environment.js';
import { FileKeyVault } from './file-key-vault.js';
import { KeyVault } from './key-vault.js';
import { SigningProbe } from './signing-probe.service.js';

@Module({})
export class KeyVaultsModule {
  static in({ dataFolder, keyPassphrase }: Environment): DynamicModule {
    const vault = { provide: KeyVault, useFactory: () => new FileKeyVault(join(dataFolder, 'keys'), keyPassphrase) };
    return {
      module: KeyVaultsModule,
      global: true,
      providers: [vault, SigningProbe],
      exports: [KeyVault, SigningProbe],
    };
  }
}
