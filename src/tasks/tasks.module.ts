import { Module } from '@nestjs/common';
import { ApprovalsController } from './approvals.controller.js';
import { ApprovalsService } from './approvals.service.js';
import { ChangeRecorder } from './change-recorder.service.js';
import { TaskWaiter } from './task-waiter.service.js';
import { TasksController } from './tasks.controller.js';
import { WaitingRoom } from './waiting-room.service.js';

@Module({
  controllers: [TasksController, ApprovalsController],
  providers: [ApprovalsService, ChangeRecorder, TaskWaiter, WaitingRoom],
  exports: [ChangeRecorder],
})
export class TasksModule {}
