import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { BIN_NAME } from '../tuf/hash-bins.js';
import { insertWebhookEvents } from './webhook-events.js';

/** One process at a time tells of expiry. */
const EXPIRY_LOCK = 0x5452_5304;
/** No role has such a name. */
const ALL_BINS = 'bins-*';
/** Who has to sign needs some days; a role that lives shorter is told of when half of its renewal window has passed. */
const NOTICE_SECONDS = 14 * 86_400;

interface RoleNearExpiry {
  readonly repositoryId: number;
  readonly role: string;
  readonly expiresAt: Date;
}

/** Finds what is about to expire although it should have been renewed, and has webhooks told, once for each version. */
@Injectable()
export class ExpiryNotices {
  constructor(private readonly dataSource: DataSource) {}

  async tellNear(now: Date): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const [row] = await manager.query(
        `select pg_try_advisory_xact_lock($1) as elected,
           exists (select from webhook where is_enabled and 'expiry.near' = any(events)) as wanted`,
        [EXPIRY_LOCK],
      );
      if (!row.elected || !row.wanted) return;
      for (const near of await untold(manager, now)) await tell(manager, near, now);
    });
  }
}

// What the service signs by itself, bins above all, is near only once it is due: the others it need not look at.
function untold(manager: EntityManager, now: Date): Promise<RoleNearExpiry[]> {
  return manager.query(
    `with lifetime as (
       select repository.id as repository_id, case when role.name ~ $2 then $3 else role.name end as role, role.expires_at,
         coalesce(settings #>> array['roleLifetimes', role.name, 'renewalWindow'], settings #>> array['lifetimes',
           case when role.name ~ $2 then 'bins' when role.name in ('root', 'targets', 'snapshot', 'timestamp')
             then role.name else 'roles' end, 'renewalWindow'])::integer as renewal_window
       from role join repository on repository.id = role.repository_id and repository.state = 'ready'
       where role.expires_at <= $1::timestamptz + make_interval(secs => $4::integer)
         and (role.renew_at <= $1 or role.name <> all('{snapshot,timestamp}') and role.name !~ $2)
     )
     select lifetime.repository_id as "repositoryId", lifetime.role, min(lifetime.expires_at) as "expiresAt"
     from lifetime
     where lifetime.expires_at <= $1::timestamptz + make_interval(secs => least($4::integer, renewal_window / 2))
     group by lifetime.repository_id, lifetime.role
     having not exists (select from expiry_notice notice where notice.repository_id = lifetime.repository_id
       and notice.role = lifetime.role and notice.expires_at = min(lifetime.expires_at))`,
    [now, BIN_NAME.source, ALL_BINS, NOTICE_SECONDS],
  );
}

async function tell(
  manager: EntityManager,
  { repositoryId, role, expiresAt }: RoleNearExpiry,
  now: Date,
): Promise<void> {
  const data = {
    role: role === ALL_BINS ? 'bins' : role,
    isBins: role === ALL_BINS,
    expiresAt: expiresAt.toISOString(),
  };
  const wanted = await insertWebhookEvents(manager, repositoryId, [{ type: 'expiry.near', data }], now);
  if (wanted === 0) return; // who comes to listen later is told then
  await manager.query(
    `insert into expiry_notice (repository_id, role, expires_at) values ($1, $2, $3)
     on conflict (repository_id, role) do update set expires_at = excluded.expires_at`,
    [repositoryId, role, expiresAt],
  );
}
