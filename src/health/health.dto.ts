import { ApiProperty } from '@nestjs/swagger';

export class LiveDto {
  @ApiProperty({ enum: ['live'], description: 'The process answers.', example: 'live' })
  readonly status!: string;
}

export class CheckDto {
  @ApiProperty({ enum: ['up', 'down'], description: 'Whether it works.', example: 'up' })
  readonly status!: 'up' | 'down';

  @ApiProperty({ description: 'What was found, in words.', example: '2 keys sign' })
  readonly detail!: string;
}

export class ReadyDto {
  @ApiProperty({ enum: ['ready', 'not-ready'], description: 'Whether every check is up.', example: 'ready' })
  readonly status!: 'ready' | 'not-ready';

  @ApiProperty({ type: CheckDto, description: 'PostgreSQL answers.' })
  readonly database!: CheckDto;

  @ApiProperty({ type: CheckDto, description: 'Every online key signs.' })
  readonly keyVault!: CheckDto;

  @ApiProperty({ type: CheckDto, description: 'No metadata is expired or overdue for signing.' })
  readonly freshness!: CheckDto;

  @ApiProperty({ type: CheckDto, description: 'No change has waited for long.' })
  readonly publishing!: CheckDto;
}
