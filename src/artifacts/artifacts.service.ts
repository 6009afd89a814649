import { Injectable } from '@nestjs/common';
import { ArtifactStore } from '../database/artifact.store.js';
import type { RepositoryRecord } from '../database/repository.store.js';
import { cursorKey, pageOf } from '../http/pagination.js';
import type { Principal } from '../http/principal.js';
import { ProblemError } from '../http/problem.js';
import { assertMayWriteArtifact } from '../http/refused.js';
import { parseArtifact } from '../tuf/artifact.js';
import { parseArtifactPath } from '../tuf/artifact-path.js';
import type { Addition, Change } from '../tuf/change.js';
import type { AddArtifactsDto } from './add-artifacts.dto.js';
import { type ArtifactPage, type PublishedArtifactDto, publishedArtifactDto } from './artifact.dto.js';
import type { ListArtifactsQuery } from './list-artifacts.query.js';
import type { RemoveArtifactsDto } from './remove-artifacts.dto.js';

@Injectable()
export class ArtifactsService {
  constructor(private readonly artifacts: ArtifactStore) {}

  addition({ artifacts }: AddArtifactsDto, principal: Principal): Addition {
    const parsed = artifacts.map((artifact, index) => parseArtifact(artifact, `artifacts[${index}]`));
    parsed.forEach(({ path }, index) => {
      assertMayWriteArtifact(principal, path, `artifacts[${index}].path`);
    });
    return { kind: 'add-artifacts', artifacts: parsed };
  }

  removal({ paths }: RemoveArtifactsDto, principal: Principal): Change {
    const parsed = paths.map((path, index) => parseArtifactPath(path, `paths[${index}]`));
    parsed.forEach((path, index) => {
      assertMayWriteArtifact(principal, path, `paths[${index}]`);
    });
    return { kind: 'remove-artifacts', paths: parsed };
  }

  async list(repository: RepositoryRecord, query: ListArtifactsQuery): Promise<ArtifactPage> {
    const prefix = query.prefix ?? '';
    if (prefix.includes('\0') || !prefix.isWellFormed()) {
      throw new ProblemError(400, 'request-invalid', 'prefix must be valid Unicode without NUL');
    }
    const found = await this.artifacts.list(repository.id, prefix, cursorKey(query), query.limit + 1);
    return pageOf(found, query.limit, ({ path }) => path, publishedArtifactDto);
  }

  async get(repository: RepositoryRecord, path: string): Promise<PublishedArtifactDto> {
    const artifact = await this.artifacts.find(repository.id, parseArtifactPath(path));
    if (!artifact)
      throw new ProblemError(404, 'artifact-unknown', `repository ${repository.name} lists no artifact ${path}`);
    return publishedArtifactDto(artifact);
  }
}
