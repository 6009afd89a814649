import { ApiProperty } from '@nestjs/swagger';
import type { SigningEventEntity } from '../database/entities/signing-event.entity.js';
import { keysOfTopLevelRole, missingRootSignatures } from '../tuf/root-trust.js';

export class SigningEventDto {
  @ApiProperty({ format: 'uuid', description: 'The id of the event.' })
  readonly id!: string;

  @ApiProperty({ description: 'The role whose version waits.', example: 'root' })
  readonly role!: string;

  @ApiProperty({ description: 'The version that waits.', example: 1 })
  readonly version!: number;

  @ApiProperty({ enum: ['open', 'completed'], description: '`open` while signatures are missing.', example: 'open' })
  readonly state!: string;

  @ApiProperty({ format: 'date-time', description: 'When it was opened.' })
  readonly openedAt!: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'When it had its last signature.' })
  readonly completedAt!: string | null;

  @ApiProperty({ type: [String], description: 'The ids of the keys that have signed.' })
  readonly signedBy!: readonly string[];

  @ApiProperty({ type: [String], description: 'The ids of the keys that may still sign.' })
  readonly mayBeSignedBy!: readonly string[];

  @ApiProperty({ description: 'How many more signatures the threshold asks for.', example: 1 })
  readonly missingSignatures!: number;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description:
      'The metadata with the signatures it has; what is signed is the canonical JSON of `signed` (TUF 4.2.1).',
  })
  readonly metadata!: object;
}

export class SigningEventList {
  @ApiProperty({ type: [SigningEventDto], description: 'Newest first, at most 1,000.' })
  readonly items!: readonly SigningEventDto[];
}

export function signingEventDto(event: SigningEventEntity): SigningEventDto {
  const signedBy = event.metadata.signatures.map(({ keyid }) => keyid);
  const { keyids } = keysOfTopLevelRole(event.metadata.signed, 'root');
  return {
    id: event.id,
    role: event.role,
    version: event.version,
    state: event.state,
    openedAt: event.openedAt.toISOString(),
    completedAt: event.completedAt?.toISOString() ?? null,
    signedBy,
    mayBeSignedBy: keyids.filter((keyid) => !signedBy.includes(keyid)),
    missingSignatures: missingRootSignatures(event.metadata),
    metadata: event.metadata,
  };
}
