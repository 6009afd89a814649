import { open } from 'node:fs/promises';
import type { Task } from '../../answers.js';
import { textLines } from '../../lines.js';
import type { Service } from '../../service.js';

/** A refused line of an import, as the service tells it. */
export interface LineRefusal {
  readonly line: number;
  readonly path?: string;
  readonly code: string;
  readonly detail: string;
}

const SHOWN = 10;

/** The first refused lines of an import; all of them go to `onEach`. */
export async function firstRefusals(
  service: Service,
  { id, repository }: Task,
  onEach: ((refusal: LineRefusal) => Promise<void>) | null,
): Promise<LineRefusal[]> {
  const first: LineRefusal[] = [];
  const enough = new AbortController();
  const text = service.chunks(`api/v1/repositories/${repository}/artifacts/imports/${id}/refusals`, enough.signal);
  for await (const line of textLines(text)) {
    const refusal = JSON.parse(line) as LineRefusal;
    if (first.length < SHOWN) first.push(refusal);
    else if (!onEach) break;
    await onEach?.(refusal);
  }
  enough.abort();
  return first;
}

/** Writes refused lines to a new file as NDJSON, each with the file that it is of. */
export class RefusalsFile {
  private constructor(private readonly file: Awaited<ReturnType<typeof open>>) {}

  static async at(path: string): Promise<RefusalsFile> {
    return new RefusalsFile(await open(path, 'wx'));
  }

  async write(file: string, refusal: LineRefusal): Promise<void> {
    await this.file.appendFile(`${JSON.stringify({ file, ...refusal })}\n`);
  }

  close(): Promise<void> {
    return this.file.close();
  }
}
