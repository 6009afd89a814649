import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the service does by itself once a version that waits for signatures takes effect. */
export class Consequences1795500000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table signing_event add column consequences json');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table signing_event drop column consequences');
  }
}
