import { type DynamicModule, Module } from '@nestjs/common';
import type { Environment } from '../environment.js';
import { ExpiryWatch } from './expiry-watch.service.js';
import { NetworkGuard } from './network-guard.js';
import { WebhookDispatcher } from './webhook-dispatcher.service.js';
import { WebhookSender } from './webhook-sender.js';
import { WebhooksController } from './webhooks.controller.js';
import { WebhooksService } from './webhooks.service.js';

@Module({})
export class WebhooksModule {
  static in({ webhookNetworks }: Environment): DynamicModule {
    const sender = { provide: WebhookSender, useFactory: () => new WebhookSender(new NetworkGuard(webhookNetworks)) };
    return {
      module: WebhooksModule,
      controllers: [WebhooksController],
      providers: [WebhooksService, WebhookDispatcher, ExpiryWatch, sender],
    };
  }
}
