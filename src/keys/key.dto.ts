import { ApiProperty } from '@nestjs/swagger';
import type { OnlineKeyEntity } from '../database/entities/online-key.entity.js';
import type { PublicKey } from '../tuf/key.js';

export class KeyDto {
  @ApiProperty({ description: 'TUF key id: hex sha256 of the canonical form of `key`.' })
  readonly keyId!: string;

  @ApiProperty({ description: 'What people call the key.', example: 'demo online' })
  readonly name!: string;

  @ApiProperty({ type: String, nullable: true, description: 'Who answers for the key.', example: 'release team' })
  readonly owner!: string | null;

  @ApiProperty({
    description: 'Where the private half is; it never leaves that vault.',
    example: 'awskms:alias/trs-timestamp',
  })
  readonly uri!: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'The public key as it goes into root metadata (TUF 4.2).',
    example: { keytype: 'ed25519', scheme: 'ed25519', keyval: { public: '…' } },
  })
  readonly key!: PublicKey;

  @ApiProperty({ format: 'date-time', description: 'When it was made or registered.' })
  readonly createdAt!: string;
}

export class KeyList {
  @ApiProperty({ type: [KeyDto], description: 'Oldest first.' })
  readonly items!: readonly KeyDto[];
}

export function keyDto({ keyId, name, owner, uri, key, createdAt }: OnlineKeyEntity): KeyDto {
  return { keyId, name, owner, uri, key, createdAt: createdAt.toISOString() };
}
