import { Module } from '@nestjs/common';
import { MetadataCache } from './metadata-cache.service.js';
import { MetadataFilesController } from './metadata-files.controller.js';

@Module({ controllers: [MetadataFilesController], providers: [MetadataCache] })
export class MetadataModule {}
