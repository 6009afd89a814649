import { Module } from '@nestjs/common';
import { KnownDownloads } from './known-downloads.service.js';
import { MetadataCache } from './metadata-cache.service.js';
import { MetadataFiles } from './metadata-files.service.js';

@Module({ providers: [MetadataCache, MetadataFiles, KnownDownloads] })
export class MetadataModule {}
