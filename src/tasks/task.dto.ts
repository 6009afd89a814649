import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { TaskRecord } from '../database/task.store.js';
import { Page } from '../http/pagination.js';

const CHANGE_KINDS = [
  'set-root',
  'set-metadata',
  'add-signature',
  'withdraw-signing-event',
  'add-artifacts',
  'remove-artifacts',
  'add-role',
  'update-role',
  'remove-role',
  'set-bins',
  'update-settings',
  'resign',
  'import-artifacts',
];
const STATES = ['awaiting-approval', 'waiting', 'succeeded', 'partly-refused', 'refused'];
const RESULTS = ['added', 'replaced', 'unchanged', 'removed', 'awaiting-signatures', 'refused'];

export class RefusalDto {
  @ApiProperty({ description: 'A stable name for the reason.', example: 'artifact-unknown' })
  readonly code!: string;

  @ApiProperty({ description: 'The reason in words.', example: 'the repository lists no artifact app/1.0/app.tar.gz' })
  readonly detail!: string;
}

export class ArtifactResultDto {
  @ApiProperty({ description: 'The path of the artifact.', example: 'app/1.0/app.tar.gz' })
  readonly path!: string;

  @ApiProperty({
    enum: RESULTS,
    description: 'What became of it; `awaiting-signatures` where people sign the role that lists it.',
    example: 'added',
  })
  readonly result!: string;

  @ApiPropertyOptional({
    description: 'Where it was refused: a stable name for the reason.',
    example: 'artifact-unknown',
  })
  readonly code?: string;

  @ApiPropertyOptional({ description: 'Where it was refused: the reason in words.' })
  readonly detail?: string;
}

export class ImportProgressDto {
  @ApiProperty({ description: 'The number of the last line that was read and is durable.', example: 1_000_000 })
  readonly linesRead!: number;

  @ApiProperty({ description: 'Lines that go in.', example: 999_998 })
  readonly accepted!: number;

  @ApiProperty({ description: 'Lines that do not; they can be fetched with their reasons.', example: 2 })
  readonly refused!: number;

  @ApiProperty({ description: 'Of those that go in, how many are done.', example: 250_000 })
  readonly published!: number;
}

export class ImportedLinesDto {
  @ApiProperty({ description: 'Artifacts that were not there before.', example: 999_990 })
  readonly added!: number;

  @ApiProperty({ description: 'Artifacts that took the place of others.', example: 5 })
  readonly replaced!: number;

  @ApiProperty({ description: 'Artifacts that were there already.', example: 3 })
  readonly unchanged!: number;

  @ApiProperty({ description: 'Artifacts that clients see when people have signed their roles.', example: 0 })
  readonly awaitingSignatures!: number;

  @ApiProperty({ description: 'Lines that a later line for the same path replaced.', example: 0 })
  readonly repeated!: number;

  @ApiProperty({ description: 'Lines for paths that were changed by what was asked after the import.', example: 0 })
  readonly overtaken!: number;
}

export class OutcomeDto {
  @ApiPropertyOptional({ type: RefusalDto, description: 'Why the change as a whole was refused.' })
  readonly refusal?: RefusalDto;

  @ApiPropertyOptional({ type: [ArtifactResultDto], description: 'One for each path of the change, in its order.' })
  readonly artifacts?: readonly ArtifactResultDto[];

  @ApiPropertyOptional({ type: ImportedLinesDto, description: 'Of an import: what became of the lines that went in.' })
  readonly lines?: ImportedLinesDto;

  @ApiPropertyOptional({
    format: 'uuid',
    description: 'The signing event that waits for signatures because of this change.',
  })
  readonly signingEvent?: string;

  @ApiPropertyOptional({
    description: 'How many signatures that event still lacks; 0 where it waits for other events.',
    example: 1,
  })
  readonly missingSignatures?: number;

  @ApiPropertyOptional({
    type: [String],
    format: 'uuid',
    description: 'Events beside it that wait because of this change, or that it waits for.',
  })
  readonly otherSigningEvents?: readonly string[];
}

export class TaskDto {
  @ApiProperty({ format: 'uuid', description: 'The id of the task.', example: '6f7c1a7e-51a9-4c3e-9d0b-0f3f4f3b7d11' })
  readonly id!: string;

  @ApiProperty({ description: 'The repository that the change is for.', example: 'demo' })
  readonly repository!: string;

  @ApiProperty({ enum: CHANGE_KINDS, description: 'What was asked.', example: 'add-artifacts' })
  readonly kind!: string;

  @ApiProperty({
    enum: STATES,
    description:
      '`awaiting-approval` until somebody else approves it, where the repository wants that; `waiting` until the commit ' +
      'that settles the change; the other states are final.',
    example: 'succeeded',
  })
  readonly state!: string;

  @ApiProperty({ description: 'Who asked.', example: 'administrator' })
  readonly principal!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Who approved it, where the repository wants that.',
    example: null,
  })
  readonly approvedBy!: string | null;

  @ApiProperty({ format: 'date-time', description: 'When the change was recorded.' })
  readonly createdAt!: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'When it was settled.' })
  readonly settledAt!: string | null;

  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'The number of the revision that settled the change, or null where that took no new revision.',
    example: 2,
  })
  readonly revision!: number | null;

  @ApiProperty({ type: OutcomeDto, nullable: true, description: 'What became of the change; null while it waits.' })
  readonly outcome!: OutcomeDto | null;

  @ApiPropertyOptional({ type: ImportProgressDto, description: 'Of an import: how far it got.' })
  readonly progress?: ImportProgressDto;
}

export class TaskPage extends Page {
  @ApiProperty({ type: [TaskDto], description: 'Newest first.' })
  readonly items!: readonly TaskDto[];
}

export function taskDto(task: TaskRecord, repository: string): TaskDto {
  const { state: _, ...outcome } = task.outcome ?? { state: task.state };
  return {
    id: task.id,
    repository,
    kind: task.kind,
    state: task.state,
    principal: task.principal,
    approvedBy: task.approvedBy,
    createdAt: task.createdAt.toISOString(),
    settledAt: task.settledAt?.toISOString() ?? null,
    revision: task.revision,
    outcome: task.outcome && outcome,
    ...(task.progress && { progress: task.progress }),
  };
}

export function taskAddress(repository: string, id: string): string {
  return `/api/v1/repositories/${repository}/tasks/${id}`;
}
