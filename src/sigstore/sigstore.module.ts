import { type DynamicModule, Module } from '@nestjs/common';
import type { Environment } from '../environment.js';
import { SigstoreIdentities } from './sigstore-identities.js';
import { verifierFromFile } from './trusted-root-file.js';

@Module({})
export class SigstoreModule {
  static in({ sigstoreTrustedRoot }: Environment): DynamicModule {
    const verifier = sigstoreTrustedRoot === undefined ? undefined : verifierFromFile(sigstoreTrustedRoot);
    const identities = { provide: SigstoreIdentities, useValue: new SigstoreIdentities(verifier) };
    return { module: SigstoreModule, global: true, providers: [identities], exports: [SigstoreIdentities] };
  }
}
