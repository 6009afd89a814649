import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How many artifacts a repository has, and how large its files are, without counting them each time. */
export class RepositorySize1795850000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table role drop column bytes');
    await runner.query('drop table artifact_count');
  }
}

const UP = [
  `create table artifact_count (
    repository_id integer not null,
    artifacts bigint not null,
    constraint artifact_count_pkey primary key (repository_id),
    constraint artifact_count_repository_fkey foreign key (repository_id) references repository (id)
  )`,
  'insert into artifact_count (repository_id, artifacts) select repository_id, count(*) from artifact group by repository_id',
  'alter table role add column bytes integer',
  // Its last four bytes say how long the content of a gzip file is (RFC 1952, ISIZE).
  `update role set bytes = case file.encoding when 'identity' then size else
     get_byte(file.bytes, size - 4) + 256 * get_byte(file.bytes, size - 3) + 65536 * get_byte(file.bytes, size - 2)
       + 16777216 * get_byte(file.bytes, size - 1) end
   from (select *, octet_length(bytes) as size from metadata_version) file
   where file.repository_id = role.repository_id and file.role = role.name and file.version = role.version`,
  'alter table role alter column bytes set not null',
];
