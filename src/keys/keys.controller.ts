import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import {
  ApiBody,
  ApiCreatedResponse,
  ApiExtraModels,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import type { Origin } from '../audit-chain/audit-entry.js';
import { ApiErrors } from '../http/api-errors.decorator.js';
import { OriginOf } from '../http/origin.js';
import { Requires, RequiresAndConfines } from '../http/requires.decorator.js';
import { CreateKeyDto } from './create-key.dto.js';
import { KeyDto, KeyPage } from './key.dto.js';
import { CREATE_KEY_EXAMPLES } from './key-examples.js';
import { KeysService } from './keys.service.js';
import { ListKeysQuery } from './list-keys.query.js';
import { UpdateKeyDto } from './update-key.dto.js';

const ApiKeyId = () => ApiParam({ name: 'keyId', description: 'The TUF key id, 64 hex digits.' });

@ApiTags('keys')
@ApiExtraModels(CreateKeyDto)
@ApiErrors(400, 401, 503)
@Controller('api/v1/keys')
export class KeysController {
  constructor(private readonly keys: KeysService) {}

  @Post()
  @Requires('keys:write')
  @ApiOperation({
    summary: 'Generate an online key, register one of a key vault, or register an offline key',
    description:
      'With `scheme`, or with a name alone: generates an online key in the file vault. With `uri`: fetches the public half ' +
      'of the online key at that URI, has the vault sign with it as a proof, and stores it; TRS_KEY_VAULTS says which ' +
      'vaults are allowed. The private half stays in the vault. With `key`: stores the public half of an offline key, so ' +
      'that it has a name and an owner; nothing proves that somebody has the private half. Put `key` under `keyId` into ' +
      'the root that you sign offline.',
  })
  @ApiBody({
    schema: {
      allOf: [{ $ref: getSchemaPath(CreateKeyDto) }],
      example: CREATE_KEY_EXAMPLES.generated.value,
    },
    examples: CREATE_KEY_EXAMPLES,
  })
  @ApiCreatedResponse({ type: KeyDto })
  @ApiErrors(409, 413, 415)
  create(@Body() body: CreateKeyDto, @OriginOf() origin: Origin): Promise<KeyDto> {
    return this.keys.create(body, origin);
  }

  @Get()
  @RequiresAndConfines('keys:read')
  @ApiOperation({ summary: 'List keys' })
  @ApiOkResponse({ type: KeyPage })
  list(@Query() query: ListKeysQuery): Promise<KeyPage> {
    return this.keys.list(query);
  }

  @Get(':keyId')
  @RequiresAndConfines('keys:read')
  @ApiOperation({ summary: 'Get a key' })
  @ApiKeyId()
  @ApiOkResponse({ type: KeyDto })
  @ApiErrors(404)
  get(@Param('keyId') keyId: string): Promise<KeyDto> {
    return this.keys.get(keyId);
  }

  @Patch(':keyId')
  @Requires('keys:write')
  @ApiOperation({
    summary: 'Rename a key, or give it another owner',
    description: 'What is left out stays as it is. Nothing else of a key ever changes.',
  })
  @ApiKeyId()
  @ApiOkResponse({ type: KeyDto })
  @ApiErrors(404, 413, 415)
  update(@Param('keyId') keyId: string, @Body() body: UpdateKeyDto, @OriginOf() origin: Origin): Promise<KeyDto> {
    return this.keys.update(keyId, body, origin);
  }
}
