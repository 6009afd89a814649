import type { ReadLink } from '../../audit-chain/chain-walk.js';
import type { Service } from '../service.js';
import type { AuditLog, LogChain, LogLink } from './audit-log.js';

/** The log that a service has; of all its chains, or that of one repository. */
export async function servedLog(service: Service, repository: string | undefined): Promise<AuditLog> {
  const chains =
    repository === undefined
      ? await service.all<LogChain>('api/v1/audit/chains')
      : [await service.get<LogChain>(`${auditPath(repository)}/chain`)];
  return {
    chains,
    async *links(lengths) {
      for (const { repository } of chains) yield* linksOf(service, repository, lengths.get(repository) ?? 0);
    },
  };
}

export function auditPath(repository: string | null | undefined): string {
  return repository == null ? 'api/v1/audit' : `api/v1/repositories/${encodeURIComponent(repository)}/audit`;
}

// What is added while the chain is read has no end; whoever reads stops where it went when they began.
async function* linksOf(service: Service, repository: string | null, length: number): AsyncGenerator<LogLink> {
  for await (const link of service.items<ReadLink>(`${auditPath(repository)}/links`)) {
    if (link.position > length) return;
    yield { ...link, repository };
  }
}
