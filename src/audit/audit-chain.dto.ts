import { ApiProperty } from '@nestjs/swagger';
import type { Checkpoint } from '../audit-chain/checkpoint.js';
import type { ChainState } from '../database/audit-chain.store.js';
import { Page } from '../http/pagination.js';

export class AuditChainDto {
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The repository; null for the chain of what concerns no single one.',
    example: 'demo',
  })
  readonly repository!: string | null;

  @ApiProperty({ description: 'How many entries have their place in the chain.', example: 12 })
  readonly length!: number;

  @ApiProperty({ description: 'The hash of the last link, in hex; zeros for an empty chain.' })
  readonly hash!: string;

  @ApiProperty({ description: 'How many entries there are, with those that have no place yet.', example: 12 })
  readonly entries!: number;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    nullable: true,
    description: 'The last signed checkpoint, which is public as well.',
  })
  readonly checkpoint!: object | null;
}

export class AuditChainPage extends Page {
  @ApiProperty({ type: [AuditChainDto], description: 'The chain of the service first, then by repository.' })
  readonly items!: readonly AuditChainDto[];
}

export function auditChainDto(state: ChainState, checkpoint: Checkpoint | null): AuditChainDto {
  const { repository, length, hash, entries } = state;
  return { repository: repository === '' ? null : repository, length, hash, entries, checkpoint };
}
