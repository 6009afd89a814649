import { ApiProperty } from '@nestjs/swagger';
import type { SigningEventEntity } from '../database/entities/signing-event.entity.js';
import { Page } from '../http/pagination.js';
import type { EventReview } from '../tuf/event-review.js';

export const SIGNING_EVENT_STATES = ['open', 'completed', 'superseded', 'withdrawn'] as const;

export class ThresholdDto {
  @ApiProperty({
    enum: ['previous root', 'this root', 'this role'],
    description:
      'Whose keys these are: those of the role or, for root, those of the root before and of the one that waits (TUF 5.3.4).',
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
    type: Number,
    nullable: true,
    description:
      'The version that it follows, and that the changes are told from; null for a first one, and when that is not kept any more.',
    example: 1,
  })
  readonly baseVersion!: number | null;

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
    nullable: true,
    description: 'Who has to sign it: `keyids`, `threshold` and `keys`; null for root, which says so itself.',
  })
  readonly signers!: object | null;

  @ApiProperty({
    type: [String],
    format: 'uuid',
    description:
      'Open events that are published together with it: a delegation and the first version that its new keys sign wait for each other.',
  })
  readonly publishedTogetherWith!: readonly string[];

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

export function signingEventDto(
  event: SigningEventEntity,
  review: EventReview,
  baseVersion: number | null,
  publishedTogetherWith: readonly string[],
): SigningEventDto {
  const { id, role, version, state, reason, metadata, signers } = event;
  return {
    id,
    role,
    version,
    baseVersion,
    state,
    reason,
    openedAt: event.openedAt.toISOString(),
    closedAt: event.closedAt?.toISOString() ?? null,
    ...review,
    signers,
    publishedTogetherWith,
    metadata,
  };
}
