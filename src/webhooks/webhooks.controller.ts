import { Body, Controller, Delete, Get, Header, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import type { Origin } from '../audit-chain/audit-entry.js';
import { ApiErrors } from '../http/api-errors.decorator.js';
import { OriginOf } from '../http/origin.js';
import { PageQuery } from '../http/pagination.js';
import { Requires } from '../http/requires.decorator.js';
import { uuidPipe } from '../http/uuid.pipe.js';
import { CreateWebhookDto } from './create-webhook.dto.js';
import { UpdateWebhookDto } from './update-webhook.dto.js';
import { NewWebhookDto, WebhookDto, WebhookPage } from './webhook.dto.js';
import { WebhookDeliveryPage, WebhookTestDto } from './webhook-delivery.dto.js';
import { WebhooksService } from './webhooks.service.js';

const ApiWebhookId = () => ApiParam({ name: 'webhook', format: 'uuid', description: 'The id of the webhook.' });

@ApiTags('webhooks')
@ApiErrors(400, 401, 503)
@Controller('api/v1/webhooks')
export class WebhooksController {
  constructor(private readonly webhooks: WebhooksService) {}

  @Post()
  @Requires('webhooks:write')
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'Create a webhook',
    description:
      'Messages are POSTed as JSON and signed as Standard Webhooks says, with the secret that this answer alone shows. ' +
      'Those of one repository come in order, each until it is answered 2xx or given up after two and a half days.',
  })
  @ApiCreatedResponse({ type: NewWebhookDto })
  @ApiErrors(409, 413, 415)
  create(@Body() body: CreateWebhookDto, @OriginOf() origin: Origin): Promise<NewWebhookDto> {
    return this.webhooks.create(body, origin);
  }

  @Get()
  @Requires('webhooks:read')
  @ApiOperation({ summary: 'List webhooks' })
  @ApiOkResponse({ type: WebhookPage })
  list(@Query() query: PageQuery): Promise<WebhookPage> {
    return this.webhooks.list(query);
  }

  @Get(':webhook')
  @Requires('webhooks:read')
  @ApiOperation({ summary: 'Get a webhook; never its secret' })
  @ApiWebhookId()
  @ApiOkResponse({ type: WebhookDto })
  @ApiErrors(404)
  get(@Param('webhook', uuidPipe('webhook')) id: string): Promise<WebhookDto> {
    return this.webhooks.get(id);
  }

  @Patch(':webhook')
  @Requires('webhooks:write')
  @ApiOperation({ summary: 'Change what a webhook is told of, or disable it', description: 'What is left out stays.' })
  @ApiWebhookId()
  @ApiOkResponse({ type: WebhookDto })
  @ApiErrors(404, 413, 415)
  update(
    @Param('webhook', uuidPipe('webhook')) id: string,
    @Body() body: UpdateWebhookDto,
    @OriginOf() origin: Origin,
  ): Promise<WebhookDto> {
    return this.webhooks.update(id, body, origin);
  }

  @Delete(':webhook')
  @Requires('webhooks:write')
  @ApiOperation({ summary: 'Remove a webhook, with everything that it was still to be told' })
  @ApiWebhookId()
  @ApiOkResponse({ type: WebhookDto })
  @ApiErrors(404)
  remove(@Param('webhook', uuidPipe('webhook')) id: string, @OriginOf() origin: Origin): Promise<WebhookDto> {
    return this.webhooks.remove(id, origin);
  }

  @Post(':webhook/test')
  @Requires('webhooks:write')
  @HttpCode(200)
  @ApiOperation({ summary: 'Send a message of type webhook.test now, and tell what came of it' })
  @ApiWebhookId()
  @ApiOkResponse({ type: WebhookTestDto })
  @ApiErrors(404)
  test(@Param('webhook', uuidPipe('webhook')) id: string): Promise<WebhookTestDto> {
    return this.webhooks.test(id);
  }

  @Get(':webhook/deliveries')
  @Requires('webhooks:read')
  @ApiOperation({ summary: 'List what a webhook was told, and is still to be told' })
  @ApiWebhookId()
  @ApiOkResponse({ type: WebhookDeliveryPage })
  @ApiErrors(404)
  deliveries(
    @Param('webhook', uuidPipe('webhook')) id: string,
    @Query() query: PageQuery,
  ): Promise<WebhookDeliveryPage> {
    return this.webhooks.listDeliveries(id, query);
  }

  @Post(':webhook/deliveries/:event/retry')
  @Requires('webhooks:write')
  @HttpCode(204)
  @ApiOperation({ summary: 'Have a message sent again now that waits, or was given up' })
  @ApiWebhookId()
  @ApiParam({ name: 'event', format: 'uuid', description: 'The id of the event.' })
  @ApiNoContentResponse({ description: 'It is sent within seconds, if it is the first of its repository.' })
  @ApiErrors(404)
  retry(
    @Param('webhook', uuidPipe('webhook')) id: string,
    @Param('event', uuidPipe('event')) event: string,
  ): Promise<void> {
    return this.webhooks.retry(id, event);
  }
}
