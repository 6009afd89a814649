import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ArtifactEntity } from './entities/artifact.entity.js';
import { ArtifactCountEntity } from './entities/artifact-count.entity.js';

/** Of what is read at once of all artifacts. */
const PAGE_SIZE = 2_000;

export interface ExportedArtifact {
  readonly path: string;
  readonly length: string;
  readonly hashes: Readonly<Record<string, string>>;
  /** JSON, as it was given. */
  readonly custom: string | null;
}

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

  /** All of them in code point order of the paths, page by page, each as it is when its page is read. */
  async *pages(repositoryId: number): AsyncGenerator<readonly ExportedArtifact[]> {
    let after = '';
    for (;;) {
      const page: ExportedArtifact[] = await this.dataSource.query(
        `select path, length, hashes, custom::text as custom from artifact
         where repository_id = $1 and path > $2 order by path limit $3`,
        [repositoryId, after, PAGE_SIZE],
      );
      if (page.length > 0) yield page;
      const last = page.at(-1);
      if (!last || page.length < PAGE_SIZE) return;
      after = last.path;
    }
  }

  async count(repositoryId: number): Promise<number> {
    const row = await this.dataSource.getRepository(ArtifactCountEntity).findOneBy({ repositoryId });
    return Number(row?.artifacts ?? 0);
  }

  private get artifacts() {
    return this.dataSource.getRepository(ArtifactEntity);
  }
}
