import { Injectable } from '@nestjs/common';
import type { Origin } from '../audit-chain/audit-entry.js';
import { Clock } from '../clock.js';
import { ApprovalStore, type Decided } from '../database/approval.store.js';
import type { RepositoryRecord } from '../database/repository.store.js';
import { TaskStore } from '../database/task.store.js';
import { ProblemError } from '../http/problem.js';
import { forbidden } from '../http/refused.js';
import { type TaskDto, taskDto } from './task.dto.js';

/** Decides on changes that take two principals. */
@Injectable()
export class ApprovalsService {
  constructor(
    private readonly approvals: ApprovalStore,
    private readonly tasks: TaskStore,
    private readonly clock: Clock,
  ) {}

  async approve(repository: RepositoryRecord, id: string, origin: Origin): Promise<TaskDto> {
    assertDone(await this.approvals.approve(repository, id, origin, this.clock.now()), repository, id);
    return this.show(repository, id);
  }

  async reject(repository: RepositoryRecord, id: string, reason: string | undefined, origin: Origin): Promise<TaskDto> {
    const detail = `${origin.principal} rejected it${reason === undefined ? '' : `: ${reason}`}`;
    const refusal = { code: 'change-rejected', detail } as const;
    assertDone(await this.approvals.reject(repository, id, refusal, origin, this.clock.now()), repository, id);
    return this.show(repository, id);
  }

  private async show(repository: RepositoryRecord, id: string): Promise<TaskDto> {
    const task = await this.tasks.find(repository.id, id);
    if (!task) throw taskUnknown(repository, id);
    return taskDto(task, repository.name);
  }
}

function assertDone(decided: Decided, repository: RepositoryRecord, id: string): void {
  const problem = problemOf(decided, repository, id);
  if (problem) throw problem;
}

function problemOf(decided: Decided, repository: RepositoryRecord, id: string): ProblemError | null {
  switch (decided) {
    case 'done':
      return null;
    case 'unknown':
      return taskUnknown(repository, id);
    case 'closed':
      return new ProblemError(409, 'approval-closed', `task ${id} awaits no approval`);
    case 'own':
      return forbidden('approval-by-requester', 'who asked for a change cannot approve it');
    default:
      return decided satisfies never;
  }
}

function taskUnknown({ name }: RepositoryRecord, id: string): ProblemError {
  return new ProblemError(404, 'task-unknown', `repository ${name} has no task ${id}`);
}
