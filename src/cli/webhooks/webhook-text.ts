import type { NewWebhook, Webhook, WebhookDelivery } from '../answers.js';
import { describeMoment, relativeTime } from '../moment.js';
import { printable } from '../printable.js';
import { facts, table } from '../table.js';

export function webhookPath(id: string): string {
  return `api/v1/webhooks/${encodeURIComponent(id)}`;
}

export function describeWebhooks(webhooks: readonly Webhook[]): string {
  if (webhooks.length === 0) return 'There is no webhook. Add one: trs webhook add --help';
  return table(
    ['Name', 'State', 'Events', 'Repositories', 'Address', 'Id'],
    webhooks.map((webhook) => [
      printable(webhook.name),
      stateOf(webhook),
      webhook.events.join(' '),
      webhook.repositories?.join(' ') ?? 'all',
      printable(webhook.url),
      webhook.id,
    ]),
  );
}

/** With the secret where nobody else keeps it: it is shown this once. */
export function describeWebhook(webhook: Webhook | NewWebhook, now: Date): string {
  const own: [string, string][] = 'secret' in webhook ? [['Secret', `${webhook.secret}  (shown this once)`]] : [];
  return facts([
    ...own,
    ['Id', webhook.id],
    ['Name', printable(webhook.name)],
    ['State', stateOf(webhook)],
    ['Address', printable(webhook.url)],
    ['Events', webhook.events.join(' ')],
    ['Repositories', webhook.repositories?.join(' ') ?? 'all'],
    ['Created', `${describeMoment(webhook.createdAt, now)}, by ${printable(webhook.createdBy)}`],
  ]);
}

export function describeDeliveries(deliveries: readonly WebhookDelivery[], now: Date): string {
  if (deliveries.length === 0) return 'It was told nothing yet.';
  return table(
    ['Happened', 'Event', 'Repository', 'State', 'Last result', 'Next attempt', 'Id', 'Attempts'],
    deliveries.map(({ happenedAt, type, repository, state, lastResult, nextAttemptAt, event, attempts }) => [
      relativeTime(new Date(happenedAt), now),
      type,
      repository,
      state,
      printable(lastResult ?? '-'),
      nextAttemptAt === null ? '-' : relativeTime(new Date(nextAttemptAt), now),
      event,
      attempts,
    ]),
  );
}

function stateOf({ isEnabled, disabledBecause }: Webhook): string {
  if (isEnabled) return 'enabled';
  return disabledBecause === null ? 'disabled' : `disabled: ${printable(disabledBecause)}`;
}
