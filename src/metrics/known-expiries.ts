import type { RepositoryQueue, RoleExpiry } from '../database/service-state.store.js';

interface Known {
  readonly revision: number;
  readonly at: number;
  readonly expiries: readonly RoleExpiry[];
}

/** When roles expire: looked up again only after a revision, for nothing else changes it. */
export class KnownExpiries {
  private readonly known = new Map<number, Known>();

  /** @param restMs for how long a repository is left alone, whatever is published in it. */
  constructor(
    private readonly lookUp: (repositoryIds: readonly number[]) => Promise<RoleExpiry[]>,
    private readonly restMs: number,
  ) {}

  async of(repositories: readonly RepositoryQueue[]): Promise<RoleExpiry[]> {
    this.forgetAllBut(new Set(repositories.map(({ repositoryId }) => repositoryId)));
    const outdated = repositories.filter((repository) => this.isOutdated(repository));
    if (outdated.length > 0) await this.learn(outdated);
    return repositories.flatMap(({ repositoryId }) => this.known.get(repositoryId)?.expiries ?? []);
  }

  private isOutdated({ repositoryId, revision }: RepositoryQueue): boolean {
    const known = this.known.get(repositoryId);
    return !known || (known.revision !== revision && performance.now() - known.at >= this.restMs);
  }

  private async learn(outdated: readonly RepositoryQueue[]): Promise<void> {
    const found = await this.lookUp(outdated.map(({ repositoryId }) => repositoryId));
    const byRepository = Map.groupBy(found, ({ repositoryId }) => repositoryId);
    for (const { repositoryId, revision } of outdated) {
      const expiries = byRepository.get(repositoryId) ?? [];
      this.known.set(repositoryId, { revision, at: performance.now(), expiries });
    }
  }

  private forgetAllBut(repositoryIds: ReadonlySet<number>): void {
    for (const id of this.known.keys()) if (!repositoryIds.has(id)) this.known.delete(id);
  }
}
