import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsObject, IsString, Matches, ValidateNested } from 'class-validator';
import { Optional } from '../http/optional.decorator.js';
import { REPOSITORY_NAME } from '../http/repository-name.js';
import { SettingsDto } from './settings.dto.js';

export class CreateRepositoryDto {
  @ApiProperty({
    description: 'A name that nobody has taken: part of every URL.',
    pattern: REPOSITORY_NAME.source,
    example: 'demo',
  })
  @IsString()
  @Matches(REPOSITORY_NAME, {
    message: 'name must be 1 to 63 of a-z, 0-9 and "-", starting and ending with a letter or digit',
  })
  readonly name!: string;

  @ApiPropertyOptional({ type: SettingsDto, description: 'What is left out has the default shown.' })
  @Optional()
  @ValidateNested()
  @Type(() => SettingsDto)
  readonly settings?: SettingsDto;

  /** Checked by the core, which names the field and the rule. */
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description:
      'Version 1 of the root metadata, signed offline (TUF 4.3). Its targets, snapshot and timestamp roles must name online keys of this service. `trs ceremony` makes one.',
    example: { signatures: [{ keyid: '…', sig: '…' }], signed: { _type: 'root', version: 1 } },
  })
  @IsObject()
  readonly root!: object;
}
