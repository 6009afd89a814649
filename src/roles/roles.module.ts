import { Module } from '@nestjs/common';
import { TasksModule } from '../tasks/tasks.module.js';
import { RolesController } from './roles.controller.js';

@Module({ imports: [TasksModule], controllers: [RolesController] })
export class RolesModule {}
