import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsString, Max, MaxLength, Min } from 'class-validator';
import { Optional } from './optional.decorator.js';
import { ProblemError } from './problem.js';

const DEFAULT_LIMIT = 100;
const MAXIMUM_LIMIT = 1_000;

export class PageQuery {
  @ApiPropertyOptional({
    description: 'How many items at most.',
    minimum: 1,
    maximum: MAXIMUM_LIMIT,
    default: DEFAULT_LIMIT,
    example: 100,
  })
  @Optional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MAXIMUM_LIMIT)
  readonly limit: number = DEFAULT_LIMIT;

  @ApiPropertyOptional({ description: 'Where to go on: `next` of the page before.', minLength: 1, maxLength: 8_192 })
  @Optional()
  @IsString()
  @MaxLength(8_192)
  readonly cursor?: string;
}

export abstract class Page {
  @ApiProperty({
    type: String,
    nullable: true,
    description: '`cursor` for the next page, or null on the last one.',
    example: null,
  })
  readonly next!: string | null;
}

/** The key after which a page starts; empty for the first. */
export function cursorKey({ cursor }: PageQuery): string {
  if (cursor === undefined) return '';
  const key = Buffer.from(cursor, 'base64url').toString('utf8');
  if (key === '' || key.includes('\0') || !key.isWellFormed() || toCursor(key) !== cursor) {
    throw cursorInvalid();
  }
  return key;
}

export function cursorInvalid(): ProblemError {
  const rule = 'is not one that this service gave out here';
  return new ProblemError(400, 'request-invalid', `cursor ${rule}`, { errors: [{ field: 'cursor', rule }] });
}

/** Cuts one item more than `limit` down to a page. */
export function pageOf<Item, Shown>(
  found: readonly Item[],
  limit: number,
  keyOf: (item: Item) => string,
  show: (item: Item) => Shown,
): { items: Shown[]; next: string | null } {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items: items.map(show), next: found.length > limit && last ? toCursor(keyOf(last)) : null };
}

function toCursor(key: string): string {
  return Buffer.from(key, 'utf8').toString('base64url');
}
