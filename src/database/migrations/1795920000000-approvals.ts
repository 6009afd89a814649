import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Changes that wait for the approval of a second principal, and repositories that want it. */
export class Approvals1795920000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}

const UP = [
  `alter table repository add column approvals text[] not null default '{}', add column approvals_proposal json`,
  `alter table task add column credential uuid, add column approved_by text, add column approved_at timestamptz`,
  'alter table task drop constraint task_state_check',
  `alter table task add constraint task_state_check
     check (state in ('awaiting-approval', 'waiting', 'succeeded', 'partly-refused', 'refused'))`,
  `create index task_awaiting_approval_idx on task (created_at) where state = 'awaiting-approval'`,
];

const DOWN = [
  'drop index task_awaiting_approval_idx',
  // The schema before would publish them: nobody has approved that.
  `update task set state = 'refused', settled_at = created_at,
     outcome = '{"state": "refused", "refusal": {"code": "change-rejected", "detail": "nobody approved it in time"}}'
     where state = 'awaiting-approval'`,
  'alter table task drop constraint task_state_check',
  `alter table task add constraint task_state_check
     check (state in ('waiting', 'succeeded', 'partly-refused', 'refused'))`,
  'alter table task drop column credential, drop column approved_by, drop column approved_at',
  'alter table repository drop column approvals, drop column approvals_proposal',
];
