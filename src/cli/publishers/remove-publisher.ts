import type { TrustedPublisher } from '../answers.js';
import type { CommandContext } from '../command-context.js';
import { EXIT, type ExitCode } from '../command-error.js';
import { printable } from '../printable.js';

export async function removePublisher(
  context: CommandContext,
  _flags: object,
  [id = '']: readonly string[],
): Promise<ExitCode> {
  const service = await context.connect();
  const path = `api/v1/trusted-publishers/${encodeURIComponent(id)}`;
  const removed: TrustedPublisher = await service.delete(path);
  context.output.show(removed, () => `${printable(removed.name)} is not trusted any more.`);
  return EXIT.fine;
}
