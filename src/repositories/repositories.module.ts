import { Module } from '@nestjs/common';
import { TasksModule } from '../tasks/tasks.module.js';
import { RepositoriesController } from './repositories.controller.js';
import { RepositoriesService } from './repositories.service.js';

@Module({ imports: [TasksModule], controllers: [RepositoriesController], providers: [RepositoriesService] })
export class RepositoriesModule {}
