import { Controller, Get, Header, Param } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Checkpoint } from '../audit-chain/checkpoint.js';
import { AuditCheckpointStore } from '../database/audit-checkpoint.store.js';
import { ProblemError } from '../http/problem.js';
import { PublicWithinLimits } from '../http/public.decorator.js';
import { isRepositoryName } from '../http/repository-name.js';

/** Beside the metadata and as public: whoever keeps a copy is a witness. It tells a number and a hash, no entry. */
@ApiExcludeController()
@Controller('repositories/:repository/audit')
export class CheckpointController {
  constructor(private readonly checkpoints: AuditCheckpointStore) {}

  @Get('checkpoint.json')
  @PublicWithinLimits()
  @Header('cache-control', 'public, max-age=10')
  async checkpoint(@Param('repository') repository: string): Promise<Checkpoint> {
    const checkpoint = isRepositoryName(repository) ? await this.checkpoints.find(repository) : null;
    if (!checkpoint) throw new ProblemError(404, 'checkpoint-unknown', 'there is no such checkpoint, or none yet');
    return checkpoint;
  }
}
