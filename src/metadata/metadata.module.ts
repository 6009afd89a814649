import { Module } from '@nestjs/common';
import { MetadataCache } from './metadata-cache.service.js';
import { MetadataFiles } from './metadata-files.service.js';

@Module({ providers: [MetadataCache, MetadataFiles] })
export class MetadataModule {}
