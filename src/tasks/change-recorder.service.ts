import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Clock } from '../clock.js';
import type { TaskKind } from '../database/entities/task.entity.js';
import type { RepositoryIdentity, RepositoryRecord } from '../database/repository.store.js';
import { type TaskRecord, TaskStore } from '../database/task.store.js';
import type { Mutation } from '../http/mutation.js';
import { ProblemError } from '../http/problem.js';
import { needsApproval } from '../tuf/approval.js';
import type { Addition, Change } from '../tuf/change.js';
import { goneSignal } from './gone-signal.js';
import { type TaskDto, taskAddress, taskDto } from './task.dto.js';
import { TaskWaiter } from './task-waiter.service.js';
import { WaitingRoom } from './waiting-room.service.js';

/** How features write: they record a change as a task, and answer with it. */
@Injectable()
export class ChangeRecorder {
  constructor(
    private readonly tasks: TaskStore,
    private readonly room: WaitingRoom,
    private readonly waiter: TaskWaiter,
    private readonly clock: Clock,
  ) {}

  /** Records the change durably, then answers at once or, where the caller waits, when it is settled. */
  record(repository: RepositoryRecord, change: Change, mutation: Mutation, reply: FastifyReply): Promise<TaskDto> {
    return this.recordIn(repository, change, needsApproval(change, repository.approvals), mutation, reply);
  }

  /** As {@link record}, for what pipelines do all day and nobody approves, whatever the repository wants approved. */
  recordAddition(
    repository: RepositoryIdentity,
    change: Addition,
    mutation: Mutation,
    reply: FastifyReply,
  ): Promise<TaskDto> {
    return this.recordIn(repository, change, false, mutation, reply);
  }

  private async recordIn(
    repository: RepositoryIdentity,
    change: Change,
    awaitsApproval: boolean,
    mutation: Mutation,
    reply: FastifyReply,
  ): Promise<TaskDto> {
    await this.assertRoom(repository, change.kind);
    const { origin, idempotencyKey, requestDigest } = mutation;
    const createdAt = this.clock.now();
    const task = await this.tasks.record({
      repositoryId: repository.id,
      repository: repository.name,
      change,
      origin,
      action: change.kind,
      awaitsApproval,
      idempotencyKey,
      requestDigest,
      createdAt,
    });
    return this.answer(repository.name, task, mutation, reply);
  }

  /** @throws TooManyRequests where too much waits in the repository already. */
  assertRoom(repository: RepositoryIdentity, kind: TaskKind): Promise<void> {
    return this.room.assertRoom(repository, kind);
  }

  /** @throws ProblemError `idempotency-key-reused`, or `change-refused` where the caller waited for a change in vain. */
  async answer(repository: string, task: TaskRecord, mutation: Mutation, reply: FastifyReply): Promise<TaskDto> {
    if (task.requestDigest !== mutation.requestDigest) {
      throw new ProblemError(422, 'idempotency-key-reused', 'this Idempotency-Key was used for another request');
    }
    reply.header('location', taskAddress(repository, task.id));
    const settled =
      mutation.waitSeconds > 0 && task.state !== 'awaiting-approval'
        ? await this.waiter.settled(task, mutation.waitSeconds * 1_000, goneSignal(reply, mutation.waitSeconds * 1_000))
        : null;
    if (!settled) return taskDto(task, repository);
    const dto = taskDto(settled, repository);
    if (settled.state !== 'succeeded') throw new ProblemError(422, 'change-refused', refusalOf(dto), { task: dto });
    if (!waitsForSignatures(settled)) reply.status(200);
    return dto;
  }
}

/** Such a change is settled, but clients do not see it yet: the answer stays 202. */
function waitsForSignatures({ outcome }: TaskRecord): boolean {
  return outcome?.missingSignatures !== undefined;
}

function refusalOf({ outcome, state, progress }: TaskDto): string {
  if (progress) return outcome?.refusal?.detail ?? `${progress.refused} of the lines were refused: see its refusals`;
  const refused = outcome?.artifacts?.filter(({ result }) => result === 'refused') ?? [];
  const reason = outcome?.refusal?.detail ?? refused[0]?.detail ?? 'see the task';
  return state === 'partly-refused'
    ? `${refused.length} of the artifacts were refused: ${reason}`
    : `refused: ${reason}`;
}
