import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import type { LineRefusal } from '../../database/artifact-import.js';
import { ImportClosed, ImportStore } from '../../database/import.store.js';
import { ImportBatch } from '../../database/import-batch.js';
import { logged } from '../../logging/logged-error.js';
import { parseArtifact } from '../../tuf/artifact.js';
import { TufError } from '../../tuf/errors.js';
import { bodyPieces } from './body-pieces.js';
import type { GivenLine, LineReader } from './given-line.js';
import { ImportInterruption } from './import-interruption.js';

/** What is made durable at once. */
const BATCH_LINES = 5_000;
const BATCH_CHARACTERS = 4 * 1_048_576;
/** Well below the silence after which others take a receiver for gone. */
const HEARTBEAT_MS = 3_000;

export interface OpenedImport {
  readonly importId: number;
  readonly repositoryId: number;
  /** Whether whoever asked for it may write the artifact of a path. */
  readonly mayWrite: (path: string) => boolean;
}

/** Takes in the lines of imports and makes them durable, in constant memory and as fast as the database takes them. */
@Injectable()
export class ImportReceiver implements BeforeApplicationShutdown {
  private readonly logger = new Logger(ImportReceiver.name);
  private readonly stopping = new AbortController();
  private readonly running = new Set<Promise<unknown>>();

  constructor(private readonly imports: ImportStore) {}

  /** What is received so far is kept, and published after the next start. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await Promise.allSettled(this.running);
  }

  /** @returns why it is not all, where it broke off. */
  async receive(opened: OpenedImport, body: Readable, reader: LineReader): Promise<ImportInterruption | null> {
    const run = this.receiveAll(opened, body, reader);
    this.running.add(run);
    try {
      return await run;
    } finally {
      this.running.delete(run);
    }
  }

  private async receiveAll(
    opened: OpenedImport,
    body: Readable,
    reader: LineReader,
  ): Promise<ImportInterruption | null> {
    const { importId, repositoryId } = opened;
    const heart = new AbortController();
    void this.beat(importId, heart.signal);
    try {
      const interruption = await this.store(opened, body, reader);
      await this.imports.complete(importId, repositoryId, interruption?.message ?? null);
      return interruption;
    } catch (cause) {
      return this.failure(opened, cause);
    } finally {
      heart.abort();
    }
  }

  private async failure({ importId, repositoryId }: OpenedImport, cause: unknown): Promise<ImportInterruption> {
    if (cause instanceof ImportClosed) {
      return new ImportInterruption('taken-for-gone', 'this process was taken for gone', { cause });
    }
    this.logger.error(...logged('an import broke off', cause));
    const failure = new ImportInterruption('service-failed', 'the service failed; its log says why', { cause });
    // Where not even that can be written, a publisher finds it out by the silence.
    await this.imports.complete(importId, repositoryId, failure.message).catch(() => undefined);
    return failure;
  }

  /** Says that this process is alive; one beat after the other, however long the database takes. */
  private async beat(importId: number, stopped: AbortSignal): Promise<void> {
    while (!stopped.aborted) {
      await delay(HEARTBEAT_MS, undefined, { ref: false });
      if (!stopped.aborted) await this.imports.hear(importId).catch(() => undefined); // the next batch tells what is wrong
    }
  }

  // While one batch is written, the next one is read.
  private async store(
    { importId, mayWrite }: OpenedImport,
    body: Readable,
    reader: LineReader,
  ): Promise<ImportInterruption | null> {
    let batch = new ImportBatch(importId);
    let written = Promise.resolve();
    let lastLine = 0;
    const write = async () => {
      await written;
      written = this.imports.append(importId, { ...batch, lastLine });
      written.catch(() => undefined); // it is told where it is waited for
      batch = new ImportBatch(importId);
    };
    const interruption = await interruptionOf(async () => {
      for await (const piece of bodyPieces(body, this.stopping.signal)) {
        for (const given of reader.read(piece)) {
          take(batch, given, mayWrite);
          lastLine = given.line;
          if (isFull(batch)) await write();
        }
        lastLine = reader.lastLine;
      }
      for (const given of reader.end()) take(batch, given, mayWrite);
      lastLine = reader.lastLine;
    });
    await write();
    await written;
    return interruption;
  }
}

function isFull({ accepted, refused, entries, refusals }: ImportBatch): boolean {
  return accepted + refused >= BATCH_LINES || entries.length + refusals.length >= BATCH_CHARACTERS;
}

async function interruptionOf(work: () => Promise<void>): Promise<ImportInterruption | null> {
  try {
    await work();
    return null;
  } catch (error) {
    if (error instanceof ImportInterruption) return error;
    throw error;
  }
}

function take(batch: ImportBatch, given: GivenLine, mayWrite: OpenedImport['mayWrite']): void {
  if ('code' in given) {
    batch.refuse(given);
    return;
  }
  try {
    const artifact = parseArtifact(given.value, 'artifact');
    if (mayWrite(artifact.path)) batch.accept(given.line, artifact);
    else batch.refuse({ line: given.line, path: artifact.path, ...NOT_ALLOWED });
  } catch (error) {
    if (!(error instanceof TufError)) throw error;
    batch.refuse(refusalOf(given.line, given.value, error));
  }
}

const NOT_ALLOWED = {
  code: 'path-not-allowed',
  detail: 'the path must be among those that your access is limited to',
} as const;

function refusalOf(line: number, value: unknown, { code, message }: TufError): LineRefusal {
  const path = typeof value === 'object' && value !== null && 'path' in value ? value.path : null;
  return { line, path: typeof path === 'string' ? path : null, code, detail: message };
}
