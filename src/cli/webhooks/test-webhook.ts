import type { CommandContext } from '../command-context.js';
import { EXIT, type ExitCode } from '../command-error.js';
import { capitalised } from '../moment.js';
import { printable } from '../printable.js';
import { webhookPath } from './webhook-text.js';

interface TestResult {
  readonly isDelivered: boolean;
  readonly result: string;
}

export async function testWebhook(
  context: CommandContext,
  _flags: object,
  [id = '']: readonly string[],
): Promise<ExitCode> {
  const service = await context.connect();
  const tested: TestResult = await service.post(`${webhookPath(id)}/test`, {});
  context.output.show(tested, () => `${capitalised(printable(tested.result))}.`);
  return tested.isDelivered ? EXIT.fine : EXIT.failed;
}
