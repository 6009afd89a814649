import type { Statements } from './transaction-statements.js';
import type { NewWebhookEvent } from './webhook-event.js';
import { insertWebhookEvents } from './webhook-events.js';

/** A column that says whether some webhook is told of the repository whose id is `parameter`. */
export function isToldOf(parameter: string): string {
  return `exists (select from webhook where is_enabled and
    (repositories is null or (select name from repository where id = ${parameter}) = any(repositories)))`;
}

/** Where the publisher of a repository leaves what webhooks are told once it has committed. */
export class WebhookOutbox {
  /** @param isRead whether anybody is told of this repository; without that, nothing is asked of the database. */
  constructor(
    private readonly manager: Statements,
    private readonly repositoryId: number,
    private readonly isRead: boolean,
  ) {}

  /** @param events are made only where somebody wants them. */
  async put(events: () => readonly NewWebhookEvent[], now: Date): Promise<void> {
    if (this.isRead) await insertWebhookEvents(this.manager, this.repositoryId, events(), now);
  }
}
