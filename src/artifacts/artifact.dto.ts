import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { ArtifactEntity } from '../database/entities/artifact.entity.js';
import { Page } from '../http/pagination.js';
import { MAXIMUM_CUSTOM_BYTES, MAXIMUM_CUSTOM_DEPTH } from '../tuf/artifact.js';
import { MAXIMUM_PATH_BYTES } from '../tuf/artifact-path.js';

const SHA256 = '2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae';

export class ArtifactDto {
  @ApiProperty({
    description: 'Where clients find the file, relative to the base URL of the artifacts; `/`-separated, Unicode NFC.',
    minLength: 1,
    maxLength: MAXIMUM_PATH_BYTES,
    example: 'app/1.0/app.tar.gz',
  })
  readonly path!: string;

  @ApiProperty({
    description: 'Length of the file in bytes.',
    type: 'integer',
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
    example: 3,
  })
  readonly length!: number;

  @ApiProperty({
    type: 'object',
    properties: {
      sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' },
      sha512: { type: 'string', pattern: '^[0-9a-f]{128}$' },
    },
    required: ['sha256'],
    additionalProperties: false,
    description: 'Lower-case hex digests of the file; sha256 is required, sha512 may be added.',
    example: { sha256: SHA256 },
  })
  readonly hashes!: Record<string, string>;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description: `Anything your clients want to know of the file; kept as given. At most ${MAXIMUM_CUSTOM_BYTES} bytes as JSON and ${MAXIMUM_CUSTOM_DEPTH} levels; whole numbers only.`,
    example: { channel: 'stable' },
  })
  readonly custom?: unknown;
}

export class PublishedArtifactDto extends ArtifactDto {
  @ApiProperty({ description: 'The role whose metadata lists it.', example: 'bins-3f' })
  readonly role!: string;

  @ApiProperty({ description: 'The revision that published it in this form.', example: 2 })
  readonly revision!: number;
}

export class ArtifactPage extends Page {
  @ApiProperty({ type: [PublishedArtifactDto], description: 'In code point order of the paths.' })
  readonly items!: readonly PublishedArtifactDto[];
}

export function publishedArtifactDto({
  path,
  length,
  hashes,
  custom,
  role,
  revision,
}: ArtifactEntity): PublishedArtifactDto {
  const described = { path, length: Number(length), hashes, role, revision };
  return custom === null ? described : { ...described, custom };
}
