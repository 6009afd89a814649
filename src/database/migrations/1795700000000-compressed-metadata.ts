import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Large versions are compressed before they are stored, and none by PostgreSQL. What was stored before stays as it is,
 * and goes with its role's next versions.
 */
export class CompressedMetadata1795700000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    while (await decompressSome(runner));
    for (const statement of DOWN) await runner.query(statement);
  }
}

const UP = [
  `alter table metadata_version add column encoding text not null default 'identity'`,
  'alter table metadata_version alter column encoding drop default',
  `alter table metadata_version
     add constraint metadata_version_encoding_check check (encoding in ('gzip', 'identity'))`,
  'alter table metadata_version alter column bytes set storage external',
];

const DOWN = [
  'alter table metadata_version alter column bytes set storage extended',
  'alter table metadata_version drop column encoding',
];

// Clients would refuse compressed bytes from a service that does not know that they are.
async function decompressSome(runner: QueryRunner): Promise<boolean> {
  const rows: { repository_id: number; role: string; version: number; bytes: Buffer }[] = await runner.query(
    `select repository_id, role, version, bytes from metadata_version where encoding = 'gzip' limit 500`,
  );
  for (const { repository_id, role, version, bytes } of rows) {
    await runner.query(
      `update metadata_version set bytes = $4, encoding = 'identity'
       where repository_id = $1 and role = $2 and version = $3`,
      [repository_id, role, version, await promisify(gunzip)(bytes)],
    );
  }
  return rows.length > 0;
}
