import { ApiProperty } from '@nestjs/swagger';
import type { SigningEventEntity } from '../database/entities/signing-event.entity.js';
import { Page } from '../http/pagination.js';
import type { IdentityVerifier } from '../tuf/identity-key.js';
import type { Root } from '../tuf/metadata.js';
import { describeRootChange } from '../tuf/root-diff.js';
import { missingRootSignatures, rootThresholds } from '../tuf/root-trust.js';
import { rootWarnings } from '../tuf/root-warnings.js';

export const SIGNING_EVENT_STATES = ['open', 'completed', 'superseded', 'withdrawn'] as const;

export class ThresholdDto {
  @ApiProperty({
    enum: ['previous root', 'this root'],
    description: 'Whose root keys these are: a root after the first takes those of both (TUF 5.3.4).',
    example: 'this root',
  })
  readonly of!: string;

  @ApiProperty({ description: 'How many of its keys must sign.', example: 2 })
  readonly threshold!: number;

  @ApiProperty({ type: [String], description: 'The ids of the keys that have signed.' })
  readonly signedBy!: readonly string[];

  @ApiProperty({ type: [String], description: 'The ids of the keys that may still sign.' })
  readonly mayBeSignedBy!: readonly string[];

  @ApiProperty({ description: 'How many more signatures it takes.', example: 1 })
  readonly missing!: number;
}

export class SigningEventDto {
  @ApiProperty({ format: 'uuid', description: 'The id of the event.' })
  readonly id!: string;

  @ApiProperty({ description: 'The role whose version waits.', example: 'root' })
  readonly role!: string;

  @ApiProperty({ description: 'The version that waits.', example: 2 })
  readonly version!: number;

  @ApiProperty({
    enum: SIGNING_EVENT_STATES,
    description: '`open` while signatures are missing; `superseded` when another proposal took its place.',
    example: 'open',
  })
  readonly state!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Why it was withdrawn, or what superseded it.',
    example: null,
  })
  readonly reason!: string | null;

  @ApiProperty({ format: 'date-time', description: 'When it was opened.' })
  readonly openedAt!: string;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When it was completed, superseded or withdrawn.',
  })
  readonly closedAt!: string | null;

  @ApiProperty({
    type: [String],
    description: 'What the version changes, in words.',
    example: ['expiry changes from 2027-01-01T00:00:00Z to 2028-01-01T00:00:00Z'],
  })
  readonly changes!: readonly string[];

  @ApiProperty({
    type: [String],
    description: 'What signers should think about; none of it makes the version invalid.',
  })
  readonly warnings!: readonly string[];

  @ApiProperty({ type: [ThresholdDto], description: 'The thresholds that it has to reach, each on its own.' })
  readonly thresholds!: readonly ThresholdDto[];

  @ApiProperty({ type: [String], description: 'The ids of the keys that have signed.' })
  readonly signedBy!: readonly string[];

  @ApiProperty({ type: [String], description: 'The ids of the keys that may still sign.' })
  readonly mayBeSignedBy!: readonly string[];

  @ApiProperty({ description: 'How many more signatures it takes at least.', example: 1 })
  readonly missingSignatures!: number;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description:
      'The metadata with the signatures it has; what is signed is the canonical JSON of `signed` (TUF 4.2.1), the bytes at …/payload.',
  })
  readonly metadata!: object;
}

export class SigningEventPage extends Page {
  @ApiProperty({ type: [SigningEventDto], description: 'Newest first.' })
  readonly items!: readonly SigningEventDto[];
}

/** @param previous the root that the event's version follows, or null for the first. */
export function signingEventDto(
  event: SigningEventEntity,
  previous: Root | null,
  now: Date,
  identities: IdentityVerifier | undefined,
): SigningEventDto {
  const { id, role, version, state, reason, metadata } = event;
  const thresholds = rootThresholds(metadata, previous, identities);
  const signedBy = metadata.signatures.map(({ keyid }) => keyid);
  const candidates = new Set(thresholds.flatMap(({ mayBeSignedBy }) => mayBeSignedBy));
  return {
    id,
    role,
    version,
    state,
    reason,
    openedAt: event.openedAt.toISOString(),
    closedAt: event.closedAt?.toISOString() ?? null,
    changes: describeRootChange(previous, metadata.signed),
    warnings: rootWarnings(metadata.signed, now),
    thresholds,
    signedBy,
    mayBeSignedBy: [...candidates],
    missingSignatures: missingRootSignatures(metadata, previous, identities),
    metadata,
  };
}
