import { Injectable, type PipeTransform } from '@nestjs/common';
import { type RepositoryRecord, RepositoryStore } from '../database/repository.store.js';
import { ProblemError } from './problem.js';
import { isRepositoryName } from './repository-name.js';

/** Turns the name in a route into the repository. */
@Injectable()
export class RepositoryPipe implements PipeTransform<string, Promise<RepositoryRecord>> {
  constructor(private readonly repositories: RepositoryStore) {}

  async transform(name: string): Promise<RepositoryRecord> {
    if (!isRepositoryName(name)) throw new ProblemError(404, 'repository-unknown', 'no repository can have this name');
    const repository = await this.repositories.findByName(name);
    if (!repository) throw new ProblemError(404, 'repository-unknown', `there is no repository named ${name}`);
    return repository;
  }
}
