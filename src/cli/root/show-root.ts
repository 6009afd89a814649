import { parseRoot } from '../../tuf/parse-root.js';
import { rootWarnings } from '../../tuf/root-warnings.js';
import type { RegisteredKey } from '../answers.js';
import type { CommandContext } from '../command-context.js';
import { CommandError, EXIT, type ExitCode } from '../command-error.js';
import type { Service } from '../service.js';
import { servedRoot, versionInForce } from './root-in-force.js';
import { describeRoot } from './root-text.js';

export interface ShowRootFlags {
  readonly repository: string;
  readonly version?: number;
}

export async function showRoot(context: CommandContext, { repository, version }: ShowRootFlags): Promise<ExitCode> {
  const service = await context.connect();
  const inForce = await versionInForce(service, repository);
  if (version !== undefined && version > inForce) {
    throw new CommandError(
      EXIT.notFound,
      `${repository} has no root version ${version}: version ${inForce} is in force`,
    );
  }
  const document = await servedRoot(service, repository, version ?? inForce);
  const { signed } = parseRoot(document);
  const known = await keysById(service);
  const now = new Date();
  context.output.show(document, () => describeRoot({ repository, root: signed, inForce, known }, now));
  if (signed.version === inForce) for (const warning of rootWarnings(signed, now)) context.output.warn(warning);
  return EXIT.fine;
}

async function keysById(service: Service): Promise<Map<string, RegisteredKey>> {
  const keys = await service.all<RegisteredKey>('api/v1/keys');
  return new Map(keys.map((key) => [key.keyId, key]));
}
