import { Injectable, type PipeTransform } from '@nestjs/common';
import { type RepositoryIdentity, RepositoryStore } from '../database/repository.store.js';
import { ReadyRepositoryPipe } from './ready-repository.pipe.js';

/** As {@link ReadyRepositoryPipe}, for what needs to know no more than which one it is: asks the database only once. */
@Injectable()
export class RepositoryIdentityPipe implements PipeTransform<string, Promise<RepositoryIdentity>> {
  private readonly ready: ReadyRepositoryPipe;

  constructor(private readonly repositories: RepositoryStore) {
    this.ready = new ReadyRepositoryPipe(repositories);
  }

  async transform(name: string): Promise<RepositoryIdentity> {
    return this.repositories.rememberedReady(name) ?? this.ready.transform(name);
  }
}
