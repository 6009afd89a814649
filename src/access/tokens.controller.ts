import { Body, Controller, Delete, Get, Header, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { Origin } from '../audit-chain/audit-entry.js';
import { ApiErrors } from '../http/api-errors.decorator.js';
import { OriginOf } from '../http/origin.js';
import { PageQuery } from '../http/pagination.js';
import { type Principal, PrincipalOf } from '../http/principal.js';
import { RequiresAndConfines } from '../http/requires.decorator.js';
import { uuidPipe } from '../http/uuid.pipe.js';
import { CreateTokenDto } from './create-token.dto.js';
import { NewTokenDto, TokenDto, TokenPage } from './token.dto.js';
import { TokensService } from './tokens.service.js';

const ApiTokenId = () => ApiParam({ name: 'token', format: 'uuid', description: 'The id of the token.' });

@ApiTags('tokens')
@ApiErrors(400, 401, 503)
@Controller('api/v1/tokens')
export class TokensController {
  constructor(private readonly tokens: TokensService) {}

  @Post()
  @RequiresAndConfines('tokens:write')
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'Create a token',
    description: 'It allows at most what your own allows, for as long at most. The answer alone shows it.',
  })
  @ApiCreatedResponse({ type: NewTokenDto })
  @ApiErrors(413, 415)
  create(
    @Body() body: CreateTokenDto,
    @PrincipalOf() principal: Principal,
    @OriginOf() origin: Origin,
  ): Promise<NewTokenDto> {
    return this.tokens.create(body, principal, origin);
  }

  @Get()
  @RequiresAndConfines('tokens:read')
  @ApiOperation({ summary: 'List tokens: what they allow, until when, and when they were used last' })
  @ApiOkResponse({ type: TokenPage })
  list(@Query() query: PageQuery, @PrincipalOf() principal: Principal): Promise<TokenPage> {
    return this.tokens.list(query, principal);
  }

  @Get(':token')
  @RequiresAndConfines('tokens:read')
  @ApiOperation({ summary: 'Get a token; never the token itself' })
  @ApiTokenId()
  @ApiOkResponse({ type: TokenDto })
  @ApiErrors(404)
  get(@Param('token', uuidPipe('token')) id: string, @PrincipalOf() principal: Principal): Promise<TokenDto> {
    return this.tokens.get(id, principal);
  }

  @Delete(':token')
  @RequiresAndConfines('tokens:write')
  @ApiOperation({ summary: 'Revoke a token, at once; tokens that it created stay' })
  @ApiTokenId()
  @ApiOkResponse({ type: TokenDto, description: 'The token as it is now. Revoking it once more changes nothing.' })
  @ApiErrors(404)
  revoke(
    @Param('token', uuidPipe('token')) id: string,
    @PrincipalOf() principal: Principal,
    @OriginOf() origin: Origin,
  ): Promise<TokenDto> {
    return this.tokens.revoke(id, principal, origin);
  }
}
