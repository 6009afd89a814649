import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { ProblemError } from '../../http/problem.js';
import { ImportInterruption } from './import-interruption.js';

/** How long a client may send nothing. */
const SILENCE_MS = 120_000;
const PIECE_BYTES = 65_536;

/** @throws ProblemError `media-type-unsupported` for an encoding other than gzip. */
export function decodedBody(body: Readable, encoding: string | undefined): Readable {
  switch (encoding?.trim().toLowerCase()) {
    case undefined:
    case '':
    case 'identity':
      return body;
    case 'gzip':
    case 'x-gzip':
      return unzipped(body);
    default:
      throw new ProblemError(415, 'media-type-unsupported', 'Content-Encoding may be gzip or left out');
  }
}

// The reader is told of errors. One that comes before there is a reader would end the process if nobody listened.
function unzipped(body: Readable): Readable {
  return pipeline(body, createGunzip({ chunkSize: PIECE_BYTES }), () => undefined).on('error', () => undefined);
}

/**
 * The pieces of a body as they come, and no faster than they are taken. The connection outlives it, for the answer.
 * @throws ImportInterruption when the body breaks off, stalls, is damaged, or `signal` aborts.
 */
export async function* bodyPieces(body: Readable, signal: AbortSignal): AsyncGenerator<Buffer> {
  const pieces = body.iterator({ destroyOnReturn: false });
  for (;;) {
    const next = await inTime(pieces.next(), signal);
    if (next.done) return;
    yield next.value;
  }
}

function inTime<T>(next: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => end(() => reject(new ImportInterruption('service-stopping', 'the service was stopped')));
    const stall = () =>
      end(() => reject(new ImportInterruption('client-gone', `nothing came for ${SILENCE_MS / 1_000} seconds`)));
    const timer = setTimeout(stall, SILENCE_MS);
    const end = (settle: () => void) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      settle();
    };
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop);
    next.then(
      (piece) => end(() => resolve(piece)),
      (error) => end(() => reject(broken(error))),
    );
  });
}

function broken(cause: unknown): ImportInterruption {
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : '';
  if (code.startsWith('Z_')) return new ImportInterruption('body-broken', 'the gzip stream is damaged', { cause });
  return new ImportInterruption('client-gone', 'the connection to the client broke off', { cause });
}
