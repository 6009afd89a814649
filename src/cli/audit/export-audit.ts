import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { CommandContext } from '../command-context.js';
import { EXIT, type ExitCode } from '../command-error.js';
import { counted } from '../moment.js';
import { assertNotThere } from '../new-file.js';
import { exportLines } from './exported-log.js';
import { servedLog } from './served-log.js';

export interface ExportAuditFlags {
  readonly repository?: string;
  readonly out: string;
}

export async function exportAudit(context: CommandContext, { repository, out }: ExportAuditFlags): Promise<ExitCode> {
  await assertNotThere(out);
  const log = await servedLog(await context.connect(), repository);
  const file = await open(out, 'wx', 0o600); // names and addresses of people
  await pipeline(Readable.from(exportLines(log, new Date())), file.createWriteStream({ flush: true }));
  const entries = log.chains.reduce((sum, { length }) => sum + length, 0);
  context.output.show(
    { file: out, chains: log.chains.length, entries },
    () =>
      `${counted(entries, 'entry').replace(/entrys$/, 'entries')} of ${counted(log.chains.length, 'chain')} in ${out}`,
  );
  return EXIT.fine;
}
