import { Module } from '@nestjs/common';
import { TasksModule } from '../tasks/tasks.module.js';
import { RolesController } from './roles.controller.js';
import { RootProposals } from './root-proposals.service.js';

@Module({ imports: [TasksModule], controllers: [RolesController], providers: [RootProposals] })
export class RolesModule {}
