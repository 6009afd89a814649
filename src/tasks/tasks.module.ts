import { Module } from '@nestjs/common';
import { ChangeRecorder } from './change-recorder.service.js';
import { TaskWaiter } from './task-waiter.service.js';
import { TasksController } from './tasks.controller.js';

@Module({ controllers: [TasksController], providers: [ChangeRecorder, TaskWaiter], exports: [ChangeRecorder] })
export class TasksModule {}
