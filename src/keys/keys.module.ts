import { Module } from '@nestjs/common';
import { KeysController } from './keys.controller.js';
import { KeysService } from './keys.service.js';
import { VaultKeyReader } from './vault-key-reader.service.js';

@Module({ controllers: [KeysController], providers: [KeysService, VaultKeyReader] })
export class KeysModule {}
