import { Module } from '@nestjs/common';
import { TasksModule } from '../tasks/tasks.module.js';
import { ArtifactsController } from './artifacts.controller.js';
import { ArtifactsService } from './artifacts.service.js';
import { ExportsController } from './exports/exports.controller.js';
import { ImportReceiver } from './imports/import-receiver.service.js';
import { ImportsController } from './imports/imports.controller.js';
import { ImportsService } from './imports/imports.service.js';

@Module({
  imports: [TasksModule],
  controllers: [ExportsController, ImportsController, ArtifactsController],
  providers: [ArtifactsService, ImportsService, ImportReceiver],
})
export class ArtifactsModule {}
