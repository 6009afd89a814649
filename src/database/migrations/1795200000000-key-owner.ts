import type { MigrationInterface, QueryRunner } from 'typeorm';

export class KeyOwner1795200000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table online_key add column owner text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table online_key drop column owner');
  }
}
