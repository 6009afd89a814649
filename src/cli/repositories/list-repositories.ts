import type { RepositorySummary } from '../answers.js';
import type { CommandContext } from '../command-context.js';
import { EXIT, type ExitCode } from '../command-error.js';
import { describeMoment } from '../moment.js';
import { table } from '../table.js';

export async function listRepositories(context: CommandContext): Promise<ExitCode> {
  const service = await context.connect();
  const found: RepositorySummary[] = [];
  for await (const repository of service.items<RepositorySummary>('api/v1/repositories')) found.push(repository);
  const now = new Date();
  context.output.show(found, () => {
    if (found.length === 0) return 'There is no repository yet. Make one: trs ceremony';
    return table(
      ['Name', 'State', 'Created', 'Metadata for clients'],
      found.map(({ name, state, createdAt, metadataUrl }) => [
        name,
        state,
        describeMoment(createdAt, now),
        service.address(metadataUrl),
      ]),
    );
  });
  return EXIT.fine;
}
