import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Roles below targets, events for every role, and lifetimes for all of them. */
export class Delegations1795400000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}

const DAY = 86_400;
const LIFETIMES = {
  root: { expiry: 365 * DAY, renewalWindow: (365 * DAY) / 4 },
  roles: { expiry: 90 * DAY, renewalWindow: (90 * DAY) / 4 },
};

const UP = [
  `alter table role add column delegates boolean not null default (false)`,
  `update role set delegates = true where name = 'targets'`,
  `alter table role alter column delegates drop default`,
  `update role set renew_at = expires_at - make_interval(secs => ${LIFETIMES.root.renewalWindow}) where renew_at is null`,
  'alter table role alter column renew_at set not null',
  'drop index role_renew_at_idx',
  'create index role_renew_at_idx on role (renew_at)',
  'create index role_delegates_idx on role (repository_id) where delegates',
  'alter table signing_event add column signers json, add column pending json',
  `update repository set settings = jsonb_set(
     settings || '{"binSigners": null, "targetsListsArtifacts": false, "roleLifetimes": {}}',
     '{lifetimes}', settings -> 'lifetimes' || '${JSON.stringify(LIFETIMES)}')`,
];

const DOWN = [
  `update repository set settings = (settings - '{binSigners,targetsListsArtifacts,roleLifetimes}'::text[])
     #- '{lifetimes,root}' #- '{lifetimes,roles}'`,
  'alter table signing_event drop column signers, drop column pending',
  'drop index role_delegates_idx',
  'drop index role_renew_at_idx',
  'alter table role alter column renew_at drop not null',
  `update role set renew_at = null where name = 'root'`,
  'create index role_renew_at_idx on role (renew_at) where renew_at is not null',
  'alter table role drop column delegates',
];
