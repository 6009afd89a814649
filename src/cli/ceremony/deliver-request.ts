import type { CommandContext } from '../command-context.js';
import { CommandError, EXIT, type ExitCode } from '../command-error.js';
import { writeNewJson } from '../new-file.js';
import type { Service } from '../service.js';
import { type CreationRequest, createRepository } from './create-repository.js';

/** Creates the repository; what people have signed is kept when the network fails at the wrong moment. */
export async function createOrKeep(
  context: CommandContext,
  service: Service,
  request: CreationRequest,
  wait: number,
): Promise<ExitCode> {
  try {
    return await createRepository(context, service, request, wait);
  } catch (error) {
    if (!(error instanceof CommandError) || error.exitCode !== EXIT.unreachable) throw error;
    const file = `${request.name}.request.json`;
    await writeNewJson(file, request);
    const kept = `The signed request is kept. Send it again: trs send ${file}`;
    throw new CommandError(error.exitCode, error.message, [...error.details, kept], { cause: error });
  }
}

/** Writes the request for a machine that reaches the service. */
export async function writeRequest(
  { output }: CommandContext,
  request: CreationRequest,
  file: string,
  root: string,
): Promise<ExitCode> {
  await writeNewJson(file, request);
  const result = { repository: request.name, request: file, root };
  output.show(result, () => `The request is in ${file}. From a machine with network: trs send ${file}`);
  return EXIT.fine;
}
