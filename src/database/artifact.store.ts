import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ArtifactEntity } from './entities/artifact.entity.js';
import { ArtifactCountEntity } from './entities/artifact-count.entity.js';

/** Reads the index of published artifacts. */
@Injectable()
export class ArtifactStore {
  constructor(private readonly dataSource: DataSource) {}

  find(repositoryId: number, path: string): Promise<ArtifactEntity | null> {
    const where = 'artifact.repositoryId = :repositoryId and artifact.path = :path';
    return this.artifacts.createQueryBuilder('artifact').where(where, { repositoryId, path }).getOne();
  }

  /** In code point order of the paths, those that start with `prefix` and come after `after`. */
  list(repositoryId: number, prefix: string, after: string, limit: number): Promise<ArtifactEntity[]> {
    const query = this.artifacts
      .createQueryBuilder('artifact')
      .where('artifact.repositoryId = :repositoryId', { repositoryId })
      .andWhere('artifact.path > :after', { after })
      .orderBy('artifact.path')
      .limit(limit);
    // Half-open, so that the primary key's index serves it: U+10FFFF sorts after every path character.
    if (prefix)
      query.andWhere('artifact.path >= :prefix and artifact.path < :end', { prefix, end: `${prefix}\u{10ffff}` });
    return query.getMany();
  }

  async count(repositoryId: number): Promise<number> {
    const row = await this.dataSource.getRepository(ArtifactCountEntity).findOneBy({ repositoryId });
    return Number(row?.artifacts ?? 0);
  }

  private get artifacts() {
    return this.dataSource.getRepository(ArtifactEntity);
  }
}
