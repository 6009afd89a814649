import { Module } from '@nestjs/common';
import { TasksModule } from '../tasks/tasks.module.js';
import { ArtifactsController } from './artifacts.controller.js';
import { ArtifactsService } from './artifacts.service.js';

@Module({ imports: [TasksModule], controllers: [ArtifactsController], providers: [ArtifactsService] })
export class ArtifactsModule {}
