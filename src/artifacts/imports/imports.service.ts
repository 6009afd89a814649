import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Clock } from '../../clock.js';
import type { ImportFormat, LineRefusal } from '../../database/artifact-import.js';
import { ImportStore } from '../../database/import.store.js';
import type { RepositoryRecord } from '../../database/repository.store.js';
import { TaskStore } from '../../database/task.store.js';
import type { Mutation } from '../../http/mutation.js';
import { principalOf } from '../../http/principal.js';
import { ProblemError } from '../../http/problem.js';
import { bodyStream, mediaTypeOf } from '../../http/streamed-body.js';
import { ChangeRecorder } from '../../tasks/change-recorder.service.js';
import { type TaskDto, taskDto } from '../../tasks/task.dto.js';
import { decodedBody } from './body-pieces.js';
import { CsvLines } from './csv-lines.js';
import type { LineReader } from './given-line.js';
import type { ImportInterruption } from './import-interruption.js';
import { ImportReceiver } from './import-receiver.service.js';
import { NdjsonLines } from './ndjson-lines.js';

@Injectable()
export class ImportsService {
  constructor(
    private readonly imports: ImportStore,
    private readonly receiver: ImportReceiver,
    private readonly tasks: TaskStore,
    private readonly changes: ChangeRecorder,
    private readonly clock: Clock,
  ) {}

  /** Takes in what a request streams, and answers with the task of it. */
  async receive(
    repository: RepositoryRecord,
    request: FastifyRequest,
    mutation: Mutation,
    reply: FastifyReply,
  ): Promise<TaskDto> {
    const asking = principalOf(request);
    const format = formatOf(request);
    await this.assertRoom(repository, reply);
    const body = decodedBody(bodyStream(request), request.headers['content-encoding']);
    const { origin, idempotencyKey, requestDigest } = mutation;
    const { task, importId } = await this.imports.begin({
      repositoryId: repository.id,
      repository: repository.name,
      change: { kind: 'import-artifacts', format },
      origin,
      action: 'import-artifacts',
      idempotencyKey,
      requestDigest,
      createdAt: this.clock.now(),
    });
    if (importId === null) {
      abandonBody(reply);
      return this.changes.answer(repository.name, task, mutation, reply);
    }
    const interruption = await this.receiver.receive(
      { importId, repositoryId: repository.id, mayWrite: (path) => asking.mayWriteArtifact(path) },
      body,
      LINE_READERS[format](),
    );
    const received = (await this.tasks.find(repository.id, task.id)) ?? task;
    if (interruption) {
      abandonBody(reply);
      throw interrupted(interruption, taskDto(received, repository.name));
    }
    return this.changes.answer(repository.name, received, mutation, reply);
  }

  private async assertRoom(repository: RepositoryRecord, reply: FastifyReply): Promise<void> {
    try {
      await this.changes.assertRoom(repository, 'import-artifacts');
    } catch (error) {
      abandonBody(reply);
      throw error;
    }
  }

  /** The refused lines of an import as NDJSON. @throws ProblemError `task-unknown` where the task is no import. */
  async *refusals(repository: RepositoryRecord, id: string): AsyncGenerator<string> {
    const task = await this.tasks.find(repository.id, id);
    if (!task?.progress) {
      throw new ProblemError(404, 'task-unknown', `repository ${repository.name} has no import with task ${id}`);
    }
    for await (const page of this.imports.refusals(task.id)) yield page.map(refusalLine).join('');
  }
}

function refusalLine({ path, ...refusal }: LineRefusal): string {
  return `${JSON.stringify(path === null ? refusal : { ...refusal, path })}\n`;
}

const LINE_READERS: Readonly<Record<ImportFormat, () => LineReader>> = {
  ndjson: () => new NdjsonLines(),
  csv: () => new CsvLines(),
};

function formatOf(request: FastifyRequest): ImportFormat {
  return mediaTypeOf(request) === 'text/csv' ? 'csv' : 'ndjson';
}

/** Nobody reads the rest of the body, so the connection can be used for nothing else. */
function abandonBody(reply: FastifyReply): void {
  reply.header('connection', 'close');
}

const STATUS_OF: Readonly<Record<ImportInterruption['kind'], number>> = {
  'client-gone': 408,
  'body-broken': 400,
  'service-stopping': 503,
  'service-failed': 503,
  'taken-for-gone': 409,
};

function interrupted({ kind, message }: ImportInterruption, task: TaskDto): ProblemError {
  const after = `after line ${task.progress?.linesRead ?? 0}`;
  return new ProblemError(STATUS_OF[kind], 'import-interrupted', `${message}, ${after}; what came before goes in`, {
    task,
  });
}
