import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Repository } from '../answers.js';
import type { CommandContext } from '../command-context.js';
import { EXIT, type ExitCode } from '../command-error.js';
import { counted } from '../moment.js';
import { assertNotThere } from '../new-file.js';
import { Progress } from '../progress.js';
import type { Service } from '../service.js';

export interface ExportArtifactsFlags {
  readonly repository: string;
  readonly format?: 'ndjson' | 'csv';
  readonly output?: string;
}

const LINE_FEED = 0x0a;

/** Writes all artifacts as lines that can be imported: to standard output, or to a new file that is there whole or not. */
export async function exportArtifacts(
  context: CommandContext,
  { repository, format, output }: ExportArtifactsFlags,
): Promise<ExitCode> {
  if (output !== undefined) await assertNotThere(output);
  const service = await context.connect();
  const wanted = format ?? (/\.csv(?:\.gz)?$/i.test(output ?? '') ? 'csv' : 'ndjson');
  const path = `api/v1/repositories/${repository}/artifacts/export`;
  if (output === undefined) {
    await toStandardOutput(service, path, wanted);
    return EXIT.fine;
  }
  const { artifactCount } = await service.get<Repository>(`api/v1/repositories/${repository}`);
  const lines = await toNewFile(service, path, wanted, output, artifactCount);
  const artifacts = wanted === 'csv' ? lines - 1 : lines;
  context.output.show({ file: output, format: wanted, artifacts }, () => {
    return `Wrote ${counted(artifacts, 'artifact')} to ${output}.`;
  });
  return EXIT.fine;
}

// Whoever reads may have enough before the end, as "head" has.
async function toStandardOutput(service: Service, path: string, format: string): Promise<void> {
  try {
    await pipeline(service.pieces(path, { format }), process.stdout, { end: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
  }
}

async function toNewFile(
  service: Service,
  path: string,
  format: string,
  file: string,
  expected: number,
): Promise<number> {
  const unfinished = `${file}.part`;
  const progress = new Progress(`Writing ${file}`, expected);
  let lines = 0;
  const count = new Transform({
    transform(piece: Buffer, _encoding, done) {
      const ends = piece.reduce((sum, byte) => (byte === LINE_FEED ? sum + 1 : sum), 0);
      lines += ends;
      progress.advance(ends);
      done(null, piece);
    },
  });
  const target = createWriteStream(unfinished, { flush: true });
  try {
    const pieces = service.pieces(path, { format });
    if (/\.gz$/i.test(file)) await pipeline(pieces, count, createGzip(), target);
    else await pipeline(pieces, count, target);
    await rename(unfinished, file);
    return lines;
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  } finally {
    progress.stop();
  }
}
