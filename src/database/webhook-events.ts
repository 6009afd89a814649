import type { Statements } from './transaction-statements.js';
import type { NewWebhookEvent } from './webhook-event.js';

/**
 * Writes, in the caller's transaction, what the webhooks that want it are to be told; nothing where none does. So what
 * happened is told if it is committed, and only then. @returns how many events some webhook wants.
 */
export async function insertWebhookEvents(
  manager: Statements,
  repositoryId: number,
  events: readonly NewWebhookEvent[],
  now: Date,
): Promise<number> {
  if (events.length === 0) return 0;
  const [row]: { wanted: number }[] = await manager.query(INSERT, [repositoryId, now, JSON.stringify(events)]);
  return row?.wanted ?? 0;
}

const WANTS = `webhook.is_enabled and happened.type = any(webhook.events)
  and (webhook.repositories is null or repository.name = any(webhook.repositories))`;

// Rows are written in the order of the events, for that is the order in which they are told.
const INSERT = `
  with happened as (
    select type, data, position from
      rows from (json_to_recordset($3) as (type text, data json)) with ordinality as happened (type, data, position)
  ), wanted as (
    select happened.*, repository.name as repository from happened, repository
    where repository.id = $1 and exists (select from webhook where ${WANTS})
    order by position
  ), event as (
    insert into webhook_event (id, type, data, happened_at)
    select gen_random_uuid(), type, data, $2::timestamptz from wanted order by position
    returning sequence, type
  ), delivery as (
    insert into webhook_delivery (webhook_id, sequence, repository, state, attempts, next_attempt_at)
    select webhook.id, happened.sequence, repository.name, 'waiting', 0, $2::timestamptz
    from event happened, repository, webhook where repository.id = $1 and ${WANTS}
  )
  select count(*)::integer as wanted from event`;
