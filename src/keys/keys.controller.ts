import { Body, Controller, Get, Param, Post } from '@nestjs/common';
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
import { ApiErrors } from '../http/api-errors.decorator.js';
import { CreateKeyDto } from './create-key.dto.js';
import { KeyDto, KeyList } from './key.dto.js';
import { KeysService } from './keys.service.js';

@ApiTags('keys')
@ApiExtraModels(CreateKeyDto)
@ApiErrors(400, 401, 503)
@Controller('api/v1/keys')
export class KeysController {
  constructor(private readonly keys: KeysService) {}

  @Post()
  @ApiOperation({
    summary: 'Generate an online key, or register one of a key vault',
    description:
      'With `scheme`, or with a name alone: generates a key in the file vault. With `uri`: fetches the public half of the ' +
      'key at that URI, has the vault sign with it as a proof, and stores it; TRS_KEY_VAULTS says which vaults are ' +
      'allowed. The private half stays in the vault. Put `key` under `keyId` into the root that you sign offline.',
  })
  @ApiBody({
    // Written out, because the examples of the fields do not go together.
    schema: {
      allOf: [{ $ref: getSchemaPath(CreateKeyDto) }],
      example: { name: 'demo online', owner: 'release team', scheme: 'ed25519' },
    },
  })
  @ApiCreatedResponse({ type: KeyDto })
  @ApiErrors(409, 413, 415)
  create(@Body() body: CreateKeyDto): Promise<KeyDto> {
    return this.keys.create(body);
  }

  @Get()
  @ApiOperation({ summary: 'List online keys' })
  @ApiOkResponse({ type: KeyList })
  list(): Promise<KeyList> {
    return this.keys.list();
  }

  @Get(':keyId')
  @ApiOperation({ summary: 'Get an online key' })
  @ApiParam({ name: 'keyId', description: 'The TUF key id, 64 hex digits.' })
  @ApiOkResponse({ type: KeyDto })
  @ApiErrors(404)
  get(@Param('keyId') keyId: string): Promise<KeyDto> {
    return this.keys.get(keyId);
  }
}
