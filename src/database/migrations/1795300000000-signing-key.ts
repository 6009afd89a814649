import type { MigrationInterface, QueryRunner } from 'typeorm';

export class SigningKey1795300000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table online_key rename to signing_key');
    await runner.query('alter table signing_key rename constraint online_key_pkey to signing_key_pkey');
    await runner.query('alter table signing_key alter column uri drop not null');
  }

  async down(runner: QueryRunner): Promise<void> {
    // The schema before has no place for them; nothing but their names is lost.
    await runner.query('delete from signing_key where uri is null');
    await runner.query('alter table signing_key alter column uri set not null');
    await runner.query('alter table signing_key rename constraint signing_key_pkey to online_key_pkey');
    await runner.query('alter table signing_key rename to online_key');
  }
}
