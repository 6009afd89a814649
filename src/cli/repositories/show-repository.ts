import type { Page, RegisteredKey, Repository, SigningEvent } from '../answers.js';
import type { CommandContext } from '../command-context.js';
import { EXIT, type ExitCode } from '../command-error.js';
import { describeRepository } from './repository-text.js';

export async function showRepository(
  context: CommandContext,
  _flags: unknown,
  [name = '']: readonly string[],
): Promise<ExitCode> {
  const service = await context.connect();
  const path = `api/v1/repositories/${name}`;
  const repository: Repository = await service.get(path);
  const [keys, events] = await Promise.all([
    service.all<RegisteredKey>('api/v1/keys'),
    service.get<Page<SigningEvent>>(`${path}/signing-events`),
  ]);
  const openEvents = events.items.filter(({ state }) => state === 'open');
  const metadataUrl = service.address(repository.metadataUrl);
  context.output.show({ ...repository, metadataUrl, openSigningEvents: openEvents }, () =>
    describeRepository({ repository, metadataUrl, keys, openEvents }, new Date()),
  );
  return EXIT.fine;
}
