import { ApiProperty } from '@nestjs/swagger';
import type { SigningKeyEntity } from '../database/entities/signing-key.entity.js';
import type { KeyKind } from '../database/key.store.js';
import { Page } from '../http/pagination.js';
import type { Key } from '../tuf/key.js';

export const KEY_KINDS: readonly KeyKind[] = ['online', 'offline'];

export class KeyDto {
  @ApiProperty({ description: 'TUF key id: hex sha256 of the canonical form of `key`.' })
  readonly keyId!: string;

  @ApiProperty({ description: 'What people call the key.', example: 'demo online' })
  readonly name!: string;

  @ApiProperty({ type: String, nullable: true, description: 'Who answers for the key.', example: 'release team' })
  readonly owner!: string | null;

  @ApiProperty({
    enum: KEY_KINDS,
    description: 'Whether the service signs with it (`online`), or only its owner (`offline`).',
    example: 'online',
  })
  readonly kind!: KeyKind;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Where the private half is, which never leaves that vault; null for an offline key.',
    example: 'awskms:alias/trs-timestamp',
  })
  readonly uri!: string | null;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'The public key as it goes into root metadata (TUF 4.2).',
    example: { keytype: 'ed25519', scheme: 'ed25519', keyval: { public: '…' } },
  })
  readonly key!: Key;

  @ApiProperty({ format: 'date-time', description: 'When it was made or registered.' })
  readonly createdAt!: string;
}

export class KeyPage extends Page {
  @ApiProperty({ type: [KeyDto], description: 'Oldest first.' })
  readonly items!: readonly KeyDto[];
}

export function keyDto({ keyId, name, owner, uri, key, createdAt }: SigningKeyEntity): KeyDto {
  const kind = uri === null ? 'offline' : 'online';
  return { keyId, name, owner, kind, uri, key, createdAt: createdAt.toISOString() };
}
