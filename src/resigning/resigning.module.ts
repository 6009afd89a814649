import { Module } from '@nestjs/common';
import { PublishingModule } from '../publishing/publishing.module.js';
import { ResigningService } from './resigning.service.js';

@Module({ imports: [PublishingModule], providers: [ResigningService] })
export class ResigningModule {}
