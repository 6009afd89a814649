import { Module } from '@nestjs/common';
import { TasksModule } from '../tasks/tasks.module.js';
import { SigningEventsController } from './signing-events.controller.js';
import { SigningEventsService } from './signing-events.service.js';

@Module({ imports: [TasksModule], controllers: [SigningEventsController], providers: [SigningEventsService] })
export class SigningModule {}
