import { Module } from '@nestjs/common';
import { ChangeRecorder } from './change-recorder.service.js';
import { TaskWaiter } from './task-waiter.service.js';
import { TasksController } from './tasks.controller.js';
import { WaitingRoom } from './waiting-room.service.js';

@Module({
  controllers: [TasksController],
  providers: [ChangeRecorder, TaskWaiter, WaitingRoom],
  exports: [ChangeRecorder],
})
export class TasksModule {}
