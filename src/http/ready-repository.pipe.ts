import { Injectable } from '@nestjs/common';
import type { RepositoryRecord } from '../database/repository.store.js';
import { ProblemError } from './problem.js';
import { RepositoryPipe } from './repository.pipe.js';

/** Like {@link RepositoryPipe}, for what only a repository with a published root can do, or one that is about to be. */
@Injectable()
export class ReadyRepositoryPipe extends RepositoryPipe {
  override async transform(name: string): Promise<RepositoryRecord> {
    const repository = await super.transform(name);
    if (repository.state === 'ready' || repository.state === 'bootstrapping') return repository;
    throw new ProblemError(409, 'repository-not-ready', `repository ${name} is ${repository.state}`);
  }
}
