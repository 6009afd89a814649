import { ApiProperty } from '@nestjs/swagger';
import { IsObject, IsString, MaxLength, MinLength } from 'class-validator';
import { DISPLAY_NAME_SCHEMA, IsDisplayName } from '../../http/display-name.js';
import { Duration } from '../../http/duration.decorator.js';
import type { DurationDto } from '../../http/duration.dto.js';
import { GivenRightsDto } from '../rights.dto.js';
import { MAXIMUM_VALID_DAYS } from '../validity.js';

export class CreateTrustedPublisherDto extends GivenRightsDto {
  @ApiProperty({ description: 'What people call it.', ...DISPLAY_NAME_SCHEMA, example: 'releases of app' })
  @IsDisplayName('name')
  readonly name!: string;

  @ApiProperty({
    description: 'Who signs the ID tokens: `iss`, as it is written there. One of those in TRS_OIDC_ISSUERS.',
    maxLength: 1_000,
    example: 'https://token.actions.githubusercontent.com',
  })
  @IsString()
  @MaxLength(1_000)
  readonly issuer!: string;

  @ApiProperty({
    description:
      'Whom the ID tokens are for: one of `aud`. Choose one that only this service has, such as its address.',
    minLength: 1,
    maxLength: 1_000,
    example: 'https://trs.example.com',
  })
  @IsString()
  @MinLength(1)
  @MaxLength(1_000)
  readonly audience!: string;

  /** Checked by itself, claim by claim. */
  @ApiProperty({
    type: 'object',
    additionalProperties: { oneOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] },
    description:
      'The claims that the ID tokens must have, all of them: for each a value, or a list of which one will do. In a value `*` ' +
      'stands for any characters.',
    example: { repository: 'acme/app', ref: ['refs/heads/main', 'refs/tags/v*'] },
  })
  @IsObject()
  readonly claims!: Readonly<Record<string, unknown>>;

  @Duration({
    description: `How long it is trusted, at most ${MAXIMUM_VALID_DAYS} days. Until it is removed, unless given; in any case not longer than the token that creates it.`,
    example: { days: 365 },
  })
  readonly expiresIn?: DurationDto;
}
