/** What webhooks are told of, in the names of their `type`. */
export const WEBHOOK_EVENT_TYPES = [
  'revision.published',
  'signing-event.opened',
  'signing-event.completed',
  'expiry.near',
  'task.failed',
] as const;
export type WebhookEventType = (typeof WEBHOOK_EVENT_TYPES)[number];

/** Sent when somebody wants to see whether a webhook works. */
export const TEST_EVENT = 'webhook.test';

/** Something that happened in a repository, for those who want to be told. */
export interface NewWebhookEvent {
  readonly type: WebhookEventType;
  readonly data: object;
}
