import type { PublishedArtifact } from '../answers.js';
import type { CommandContext } from '../command-context.js';
import { EXIT, type ExitCode } from '../command-error.js';
import { counted } from '../moment.js';
import { table } from '../table.js';

export interface ListArtifactsFlags {
  readonly repository: string;
  readonly prefix?: string;
}

export async function listArtifacts(
  context: CommandContext,
  { repository, prefix }: ListArtifactsFlags,
): Promise<ExitCode> {
  const service = await context.connect();
  const artifacts: PublishedArtifact[] = [];
  const path = `api/v1/repositories/${repository}/artifacts`;
  for await (const artifact of service.items<PublishedArtifact>(path, prefix === undefined ? {} : { prefix }))
    artifacts.push(artifact);
  context.output.show(artifacts, () => describe(artifacts, repository));
  return EXIT.fine;
}

function describe(artifacts: readonly PublishedArtifact[], repository: string): string {
  if (artifacts.length === 0) return `${repository} lists no such artifact.`;
  const rows = artifacts.map(({ path, length, hashes, revision }) => [
    path,
    length,
    `${hashes.sha256?.slice(0, 12)}…`,
    revision,
  ]);
  return `${table(['Path', 'Bytes', 'SHA-256', 'Revision'], rows)}\n\n${counted(artifacts.length, 'artifact')}`;
}
