import { Module } from '@nestjs/common';
import { TasksModule } from '../tasks/tasks.module.js';
import { RepositoriesController } from './repositories.controller.js';
import { RepositoriesService } from './repositories.service.js';
import { SettingsController } from './settings.controller.js';

@Module({
  imports: [TasksModule],
  controllers: [RepositoriesController, SettingsController],
  providers: [RepositoriesService],
})
export class RepositoriesModule {}
