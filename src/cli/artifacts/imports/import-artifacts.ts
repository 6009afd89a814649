import type { CommandContext } from '../../command-context.js';
import { EXIT, type ExitCode, usageError } from '../../command-error.js';
import { assertNotThere } from '../../new-file.js';
import type { Service } from '../../service.js';
import { importSettled } from './await-import.js';
import { type ImportFormat, type ImportSource, importSource } from './import-source.js';
import { describeImport } from './import-text.js';
import type { Imported } from './imported.js';
import { firstRefusals, type LineRefusal, RefusalsFile } from './line-refusals.js';
import { sendImport } from './send-import.js';

export interface ImportArtifactsFlags {
  readonly repository: string;
  readonly format?: ImportFormat;
  readonly refused?: string;
  readonly idempotencyKey?: string;
  readonly wait: number;
}

/** One import for each file, in their order: for a path in several of them, the last one counts. */
export async function importArtifacts(
  context: CommandContext,
  flags: ImportArtifactsFlags,
  files: readonly string[],
): Promise<ExitCode> {
  if (files.length > 1 && flags.idempotencyKey !== undefined) {
    throw usageError('--idempotency-key names one import, so it goes with one file');
  }
  if (flags.refused !== undefined) await assertNotThere(flags.refused);
  const sources = await Promise.all(files.map((file) => importSource(file, flags.format)));
  const service = await context.connect();
  const refused = flags.refused === undefined ? null : await RefusalsFile.at(flags.refused);
  try {
    const imported: Imported[] = [];
    for (const source of sources) imported.push(await importOne(service, flags, source, refused));
    context.output.show(imported, () => imported.map((one) => describeImport(one, flags)).join('\n\n'));
    return exitCodeOf(imported, flags.wait);
  } finally {
    await refused?.close();
  }
}

async function importOne(
  service: Service,
  { repository, idempotencyKey, wait }: ImportArtifactsFlags,
  source: ImportSource,
  file: RefusalsFile | null,
): Promise<Imported> {
  const received = await sendImport(service, repository, source, idempotencyKey);
  const task = await importSettled(service, received, wait);
  const hasRefusals = (task.progress?.refused ?? 0) > 0;
  const keep = file && ((refusal: LineRefusal) => file.write(source.name, refusal));
  return { file: source.name, task, refusals: hasRefusals ? await firstRefusals(service, task, keep) : [] };
}

function exitCodeOf(imported: readonly Imported[], wait: number): ExitCode {
  const isRefused = imported.some(({ task }) => (task.progress?.refused ?? 0) > 0 || task.outcome?.refusal);
  if (isRefused) return EXIT.failed;
  return wait > 0 && imported.some(({ task }) => task.state === 'waiting') ? EXIT.stillWaiting : EXIT.fine;
}
