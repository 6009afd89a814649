import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Origin } from '../audit-chain/audit-entry.js';
import { Clock } from '../clock.js';
import type { WebhookEntity } from '../database/entities/webhook.entity.js';
import { WebhookStore } from '../database/webhook.store.js';
import { WebhookDeliveryStore } from '../database/webhook-delivery.store.js';
import { TEST_EVENT, WEBHOOK_EVENT_TYPES } from '../database/webhook-event.js';
import { cursorInvalid, cursorKey, type PageQuery, pageOf } from '../http/pagination.js';
import { ProblemError } from '../http/problem.js';
import { uuidCursor } from '../http/uuid-cursor.js';
import type { CreateWebhookDto } from './create-webhook.dto.js';
import type { UpdateWebhookDto } from './update-webhook.dto.js';
import { type NewWebhookDto, type WebhookDto, type WebhookPage, webhookDto } from './webhook.dto.js';
import { type WebhookDeliveryPage, type WebhookTestDto, webhookDeliveryDto } from './webhook-delivery.dto.js';
import { reasonOf, WebhookSender } from './webhook-sender.js';
import { newWebhookSecret } from './webhook-signature.js';
import { parseWebhookUrl } from './webhook-url.js';

/** So many can be told at once, however slow all of them are. */
const MOST_WEBHOOKS = 100;

@Injectable()
export class WebhooksService {
  constructor(
    private readonly webhooks: WebhookStore,
    private readonly deliveries: WebhookDeliveryStore,
    private readonly sender: WebhookSender,
    private readonly clock: Clock,
  ) {}

  async create(body: CreateWebhookDto, origin: Origin): Promise<NewWebhookDto> {
    const { name, events = [...WEBHOOK_EVENT_TYPES], repositories = null } = body;
    const url = parseWebhookUrl(body.url);
    if ((await this.webhooks.count()) >= MOST_WEBHOOKS) throw tooManyWebhooks();
    const secret = newWebhookSecret();
    const webhook = {
      ...{ id: randomUUID(), name, url, secret, events, repositories },
      ...{ isEnabled: true, disabledBecause: null, createdAt: this.clock.now(), createdBy: origin.principal },
    };
    await this.webhooks.add(webhook, origin);
    return { ...webhookDto(webhook), secret };
  }

  async list(query: PageQuery): Promise<WebhookPage> {
    const found = await this.webhooks.list(uuidCursor(query), query.limit + 1);
    return pageOf(found, query.limit, ({ id }) => id, webhookDto);
  }

  async get(id: string): Promise<WebhookDto> {
    return webhookDto(await this.find(id));
  }

  async update(
    id: string,
    { name, events, repositories, isEnabled }: UpdateWebhookDto,
    origin: Origin,
  ): Promise<WebhookDto> {
    const edit = {
      ...(name !== undefined && { name }),
      ...(events !== undefined && { events }),
      ...(repositories !== undefined && { repositories }),
      ...(isEnabled !== undefined && { isEnabled }),
    };
    const webhook = await this.webhooks.edit(id, edit, origin, this.clock.now());
    if (!webhook) throw webhookUnknown();
    return webhookDto(webhook);
  }

  async remove(id: string, origin: Origin): Promise<WebhookDto> {
    const webhook = await this.find(id);
    if (!(await this.webhooks.remove(id, origin, this.clock.now()))) throw webhookUnknown();
    return webhookDto(webhook);
  }

  /** Sends a message of its own at once, past all that waits. */
  async test(id: string): Promise<WebhookTestDto> {
    const { url, secret } = await this.find(id);
    const now = this.clock.now();
    const message = { id: randomUUID(), type: TEST_EVENT, happenedAt: now, data: {} };
    try {
      const status = await this.sender.send(url, secret, message, now);
      return { isDelivered: status >= 200 && status < 300, result: `answered ${status}` };
    } catch (error) {
      return { isDelivered: false, result: reasonOf(error) };
    }
  }

  async listDeliveries(id: string, query: PageQuery): Promise<WebhookDeliveryPage> {
    await this.find(id);
    const before = cursorKey(query);
    if (before !== '' && !/^\d{1,18}$/.test(before)) throw cursorInvalid();
    const found = await this.deliveries.list(id, before, query.limit + 1);
    return pageOf(found, query.limit, ({ sequence }) => sequence, webhookDeliveryDto);
  }

  async retry(id: string, event: string): Promise<void> {
    await this.find(id);
    if (await this.deliveries.retry(id, event, this.clock.now())) return;
    throw new ProblemError(404, 'webhook-delivery-unknown', 'this webhook waits for no event of this id');
  }

  private async find(id: string): Promise<WebhookEntity> {
    const webhook = await this.webhooks.find(id);
    if (!webhook) throw webhookUnknown();
    return webhook;
  }
}

function tooManyWebhooks(): ProblemError {
  return new ProblemError(409, 'webhook-limit', `there are ${MOST_WEBHOOKS} webhooks, and there can be no more`);
}

function webhookUnknown(): ProblemError {
  return new ProblemError(404, 'webhook-unknown', 'there is no webhook with this id');
}
