import { Readable, Transform } from 'node:stream';
import type { Task } from '../../answers.js';
import { Progress } from '../../progress.js';
import type { Service } from '../../service.js';
import { type ImportSource, MEDIA_TYPES } from './import-source.js';

const MEGABYTE = 1_000_000;

/** Streams a file to the service, which answers when it has it all. */
export async function sendImport(
  service: Service,
  repository: string,
  source: ImportSource,
  idempotencyKey: string | undefined,
): Promise<Task> {
  const progress = new Progress(`Sending ${source.name}`, source.size, megabytesPerSecond);
  const counted = new Transform({
    transform(piece: Buffer, _encoding, done) {
      progress.advance(piece.length);
      done(null, piece);
    },
  });
  const body = source.open();
  body.once('error', (error) => counted.destroy(error));
  try {
    return await service.stream(
      `api/v1/repositories/${repository}/artifacts/import`,
      Readable.toWeb(body.pipe(counted)) as ReadableStream<Uint8Array>,
      {
        'content-type': MEDIA_TYPES[source.format],
        ...(source.isGzipped && { 'content-encoding': 'gzip' }),
        ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
      },
    );
  } finally {
    body.destroy();
    progress.stop();
  }
}

function megabytesPerSecond(bytes: number): string {
  return `${(bytes / MEGABYTE).toFixed(1)} MB/s`;
}
