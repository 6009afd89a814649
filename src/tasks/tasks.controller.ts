import { setTimeout as delay } from 'node:timers/promises';
import { Controller, Get, type MessageEvent, Param, Query, Req, Res, Sse } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiProduces, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Observable } from 'rxjs';
import type { TaskState } from '../database/entities/task.entity.js';
import type { RepositoryRecord } from '../database/repository.store.js';
import { type TaskRecord, TaskStore } from '../database/task.store.js';
import { ApiErrors } from '../http/api-errors.decorator.js';
import { ApiRepository } from '../http/api-repository.decorator.js';
import { MAXIMUM_WAIT_SECONDS, parseWait } from '../http/mutation.js';
import { Optional } from '../http/optional.decorator.js';
import { cursorInvalid, cursorKey, PageQuery, pageOf } from '../http/pagination.js';
import { ProblemError } from '../http/problem.js';
import { RepositoryPipe } from '../http/repository.pipe.js';
import { Requires } from '../http/requires.decorator.js';
import { uuidPipe } from '../http/uuid.pipe.js';
import { goneSignal } from './gone-signal.js';
import { TaskDto, TaskPage, taskDto } from './task.dto.js';
import { TaskWaiter } from './task-waiter.service.js';
import { WaitQuery } from './wait-query.js';

const STATES: TaskState[] = ['awaiting-approval', 'waiting', 'succeeded', 'partly-refused', 'refused'];
const HEARTBEAT_MS = 15_000;
const PROGRESS_MS = 1_000;

const EVENT_SCHEMA = {
  type: 'object',
  properties: {
    event: { type: 'string', enum: ['task', 'heartbeat'] },
    id: { type: 'string', description: 'The state of the task.' },
    data: { type: 'string' },
  },
  required: ['event', 'data'],
};

class TaskListQuery extends PageQuery {
  @ApiPropertyOptional({ enum: STATES, description: 'Only tasks in this state.' })
  @Optional()
  @IsIn(STATES)
  readonly state?: TaskState;
}

@ApiTags('tasks')
@ApiErrors(400, 401, 404, 503)
@ApiRepository()
@Controller('api/v1/repositories/:repository/tasks')
export class TasksController {
  constructor(
    private readonly tasks: TaskStore,
    private readonly waiter: TaskWaiter,
  ) {}

  @Get()
  @Requires('tasks:read')
  @ApiOperation({ summary: 'List the changes that were asked of a repository, newest first' })
  @ApiOkResponse({ type: TaskPage })
  async list(
    @Param('repository', RepositoryPipe) repository: RepositoryRecord,
    @Query() query: TaskListQuery,
  ): Promise<TaskPage> {
    const before = cursorKey(query);
    if (before !== '' && !/^\d{1,18}$/.test(before)) throw cursorInvalid();
    const filter = { ...(query.state && { state: query.state }), ...(before && { before }) };
    const found = await this.tasks.list(repository.id, filter, query.limit + 1);
    return pageOf(
      found,
      query.limit,
      ({ sequence }) => sequence,
      (task) => taskDto(task, repository.name),
    );
  }

  @Get(':task')
  @Requires('tasks:read')
  @ApiOperation({ summary: 'Get a task; with `wait`, as soon as it is settled' })
  @ApiParam({ name: 'task', format: 'uuid', description: 'The id of the task.' })
  @ApiOkResponse({ type: TaskDto })
  async get(
    @Param('repository', RepositoryPipe) repository: RepositoryRecord,
    @Param('task', uuidPipe('task')) id: string,
    @Query() query: WaitQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TaskDto> {
    const wait = query.wait === undefined ? 0 : parseWait(query.wait, 'wait');
    const task = await this.find(repository, id);
    const settled = wait > 0 ? await this.waiter.settled(task, wait * 1_000, goneSignal(reply, wait * 1_000)) : null;
    const latest = settled ?? (wait > 0 && task.progress ? await this.find(repository, id) : task);
    return taskDto(latest, repository.name);
  }

  @Sse(':task/events')
  @Requires('tasks:read')
  @ApiOperation({ summary: 'Follow a task: server-sent events `task`, the last one when it is settled' })
  @ApiParam({ name: 'task', format: 'uuid', description: 'The id of the task.' })
  @ApiProduces('text/event-stream')
  @ApiOkResponse({
    description: 'The data of events named `task` is a task as JSON; the others keep the connection open.',
    content: { 'text/event-stream': { schema: EVENT_SCHEMA } },
  })
  async events(
    @Param('repository', RepositoryPipe) repository: RepositoryRecord,
    @Param('task', uuidPipe('task')) id: string,
    @Req() request: FastifyRequest,
  ): Promise<Observable<MessageEvent>> {
    const task = await this.find(repository, id);
    request.raw.setTimeout(2 * HEARTBEAT_MS); // heartbeats keep the connection from counting as idle
    return this.follow(task, repository);
  }

  private follow(task: TaskRecord, repository: RepositoryRecord): Observable<MessageEvent> {
    return new Observable((subscriber) => {
      const gone = new AbortController();
      const send = (record: TaskRecord) =>
        subscriber.next({ type: 'task', id: record.state, data: taskDto(record, repository.name) });
      if (task.progress) void this.tellProgress(task, gone.signal, send);
      const heartbeat = setInterval(() => subscriber.next({ type: 'heartbeat', data: '' }), HEARTBEAT_MS);
      if (task.settledAt === null) send(task);
      void this.waiter.settled(task, MAXIMUM_WAIT_SECONDS * 1_000, gone.signal).then((settled) => {
        if (settled) send(settled);
        subscriber.complete();
      });
      return () => {
        clearInterval(heartbeat);
        gone.abort();
      };
    });
  }

  /** While an import goes on, whenever it got further. */
  private async tellProgress(task: TaskRecord, gone: AbortSignal, send: (record: TaskRecord) => void): Promise<void> {
    let told = JSON.stringify(task.progress);
    for (;;) {
      await delay(PROGRESS_MS, undefined, { ref: false });
      if (gone.aborted) return;
      const latest = await this.tasks.find(task.repositoryId, task.id).catch(() => null); // tried again
      if (latest && latest.state !== 'waiting') return;
      const progress = JSON.stringify(latest?.progress ?? task.progress);
      if (latest && progress !== told && !gone.aborted) send(latest);
      told = progress;
    }
  }

  private async find(repository: RepositoryRecord, id: string): Promise<TaskRecord> {
    const task = await this.tasks.find(repository.id, id);
    if (!task) throw new ProblemError(404, 'task-unknown', `repository ${repository.name} has no task ${id}`);
    return task;
  }
}
