import { Module } from '@nestjs/common';
import { TasksModule } from '../tasks/tasks.module.js';
import { RepositoriesController } from './repositories.controller.js';
import { RepositoriesService } from './repositories.service.js';
import { RepositoryApprovalsController } from './repository-approvals.controller.js';
import { SettingsController } from './settings.controller.js';

@Module({
  imports: [TasksModule],
  controllers: [RepositoriesController, SettingsController, RepositoryApprovalsController],
  providers: [RepositoriesService],
})
export class RepositoriesModule {}
