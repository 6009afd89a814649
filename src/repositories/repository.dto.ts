import { ApiProperty } from '@nestjs/swagger';
import { Page } from '../http/pagination.js';
import type { RepositorySettings } from '../tuf/settings.js';
import { CLIENT_NAMES } from '../tuf/sizing/clients.js';
import type { RepositoryWarning } from '../tuf/sizing/repository-warnings.js';

const STATES = ['awaiting-signatures', 'bootstrapping', 'ready', 'refused'];

export class RepositorySummaryDto {
  @ApiProperty({ description: 'The name of the repository.', example: 'demo' })
  readonly name!: string;

  @ApiProperty({
    enum: STATES,
    description:
      '`awaiting-signatures` until its first root has enough of them; clients can use it when it is `ready`.',
    example: 'ready',
  })
  readonly state!: string;

  @ApiProperty({ format: 'date-time', description: 'When it was created.' })
  readonly createdAt!: string;

  @ApiProperty({
    description: 'The base URL for TUF clients, on this service.',
    example: '/repositories/demo/metadata/',
  })
  readonly metadataUrl!: string;
}

export class RepositoryPage extends Page {
  @ApiProperty({ type: [RepositorySummaryDto], description: 'In order of their names.' })
  readonly items!: readonly RepositorySummaryDto[];
}

export class LifetimeDto {
  @ApiProperty({ description: 'Seconds from signing to expiry.', example: 86_400 })
  readonly expiry!: number;

  @ApiProperty({ description: 'Seconds before expiry from which the role is signed again.', example: 21_600 })
  readonly renewalWindow!: number;
}

export class LifetimesDto {
  @ApiProperty({ type: LifetimeDto, description: 'Root.' })
  readonly root!: LifetimeDto;

  @ApiProperty({ type: LifetimeDto, description: 'The top-level targets role.' })
  readonly targets!: LifetimeDto;

  @ApiProperty({ type: LifetimeDto, description: 'Every delegated role that is no bin and has none of its own.' })
  readonly roles!: LifetimeDto;

  @ApiProperty({ type: LifetimeDto, description: 'Every hash bin.' })
  readonly bins!: LifetimeDto;

  @ApiProperty({ type: LifetimeDto, description: 'Snapshot.' })
  readonly snapshot!: LifetimeDto;

  @ApiProperty({ type: LifetimeDto, description: 'Timestamp.' })
  readonly timestamp!: LifetimeDto;
}

export class RepositorySettingsDto {
  @ApiProperty({
    type: 'object',
    nullable: true,
    properties: { count: { type: 'integer' }, kind: { type: 'string', enum: ['succinct', 'classic'] } },
    description: 'How many hash bins targets delegates to, of which kind; null where it delegates to none.',
    example: { count: 256, kind: 'succinct' },
  })
  readonly bins!: { readonly count: number; readonly kind: string } | null;

  @ApiProperty({ description: 'Whether targets itself may list artifacts that no delegation is for.', example: false })
  readonly targetsListsArtifacts!: boolean;

  @ApiProperty({ type: LifetimesDto, description: 'Expiry and renewal window of each role.' })
  readonly lifetimes!: LifetimesDto;
}

export class TopLevelRoleDto {
  @ApiProperty({ description: 'The name of the role.', example: 'timestamp' })
  readonly name!: string;

  @ApiProperty({ description: 'The version in force.', example: 7 })
  readonly version!: number;

  @ApiProperty({ format: 'date-time', description: 'When that version expires.' })
  readonly expires!: string;

  @ApiProperty({ description: 'How many signatures it takes.', example: 1 })
  readonly threshold!: number;

  @ApiProperty({ type: [String], description: 'The ids of the keys that may sign it.' })
  readonly keyIds!: readonly string[];

  @ApiProperty({ type: [String], description: 'Those of them that this service signs with.' })
  readonly onlineKeyIds!: readonly string[];
}

export class BinsStatusDto {
  @ApiProperty({ description: 'How many there are.', example: 256 })
  readonly count!: number;

  @ApiProperty({ description: 'The highest version among them.', example: 3 })
  readonly highestVersion!: number;

  @ApiProperty({ format: 'date-time', description: 'When the first of them expires.' })
  readonly earliestExpiry!: string;
}

export class SizesDto {
  @ApiProperty({ description: 'Root.', example: 1_800 })
  readonly root!: number;

  @ApiProperty({ description: 'Timestamp.', example: 450 })
  readonly timestamp!: number;

  @ApiProperty({ description: 'Snapshot, which every update of a client downloads.', example: 8_000 })
  readonly snapshot!: number;

  @ApiProperty({ description: 'The top-level targets role.', example: 710 })
  readonly targets!: number;

  @ApiProperty({ description: 'All roles below targets together, bins among them.', example: 2_000_000 })
  readonly delegated!: number;

  @ApiProperty({ description: 'The largest of targets and the roles below it.', example: 8_400 })
  readonly largestRole!: number;
}

const WARNING_CODES: RepositoryWarning['code'][] = [
  'bins-unreadable',
  'bins-slow',
  'file-large',
  'roots-many',
  'bins-few',
  'bins-excessive',
];

export class WarningDto {
  @ApiProperty({ enum: WARNING_CODES, description: 'Stable.', example: 'bins-slow' })
  readonly code!: RepositoryWarning['code'];

  @ApiProperty({
    enum: CLIENT_NAMES,
    isArray: true,
    description: 'The TUF clients whose limit it is; none where it is about all of them.',
    example: ['tuf-js'],
  })
  readonly clients!: RepositoryWarning['clients'];

  @ApiProperty({ description: 'In words.' })
  readonly detail!: string;
}

export class HistoryDto {
  @ApiProperty({ description: 'The oldest revision that is kept whole.', example: 12 })
  readonly oldestRevision!: number;

  @ApiProperty({ format: 'date-time', description: 'When it was published.' })
  readonly since!: string;
}

export class RepositoryDto extends RepositorySummaryDto {
  @ApiProperty({ type: RepositorySettingsDto, description: 'The settings in force.' })
  readonly settings!: RepositorySettingsDto;

  @ApiProperty({
    type: [TopLevelRoleDto],
    description: 'Root, targets, snapshot and timestamp; empty before the first revision.',
  })
  readonly roles!: readonly TopLevelRoleDto[];

  @ApiProperty({ type: BinsStatusDto, nullable: true, description: 'The hash bins; null before the first revision.' })
  readonly bins!: BinsStatusDto | null;

  @ApiProperty({
    type: HistoryDto,
    nullable: true,
    description: 'How far back old metadata is kept, beside every root; null before the first revision.',
  })
  readonly history!: HistoryDto | null;

  @ApiProperty({ description: 'How many artifacts clients can verify.', example: 1 })
  readonly artifactCount!: number;

  @ApiProperty({
    type: SizesDto,
    nullable: true,
    description: 'Bytes of the metadata files in force, not compressed; null before the first revision.',
  })
  readonly sizes!: SizesDto | null;

  @ApiProperty({
    type: [WarningDto],
    description: 'Limits of TUF clients that the repository crosses, and whether other bins would serve better.',
  })
  readonly warnings!: readonly WarningDto[];
}

export function settingsDto({ bins, targetsListsArtifacts, lifetimes }: RepositorySettings): RepositorySettingsDto {
  return { bins, targetsListsArtifacts, lifetimes };
}
