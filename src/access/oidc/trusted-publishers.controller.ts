import { Body, Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { Origin } from '../../audit-chain/audit-entry.js';
import { ApiErrors } from '../../http/api-errors.decorator.js';
import { OriginOf } from '../../http/origin.js';
import { PageQuery } from '../../http/pagination.js';
import { type Principal, PrincipalOf } from '../../http/principal.js';
import { RequiresAndConfines } from '../../http/requires.decorator.js';
import { uuidPipe } from '../../http/uuid.pipe.js';
import { CreateTrustedPublisherDto } from './create-trusted-publisher.dto.js';
import { TrustedPublisherDto, TrustedPublisherPage } from './trusted-publisher.dto.js';
import { TrustedPublishersService } from './trusted-publishers.service.js';

const ApiPublisherId = () => ApiParam({ name: 'publisher', format: 'uuid', description: 'The id of the publisher.' });

@ApiTags('tokens')
@ApiErrors(400, 401, 503)
@Controller('api/v1/trusted-publishers')
export class TrustedPublishersController {
  constructor(private readonly publishers: TrustedPublishersService) {}

  @Post()
  @RequiresAndConfines('tokens:write')
  @ApiOperation({
    summary: 'Trust CI jobs: have their ID tokens (OpenID Connect) taken in the place of a token',
    description:
      'A job sends its ID token as `Authorization: Bearer`. It may do what all the publishers allow together whose issuer, ' +
      'audience and claims it fits. It never manages access.',
  })
  @ApiCreatedResponse({ type: TrustedPublisherDto })
  @ApiErrors(413, 415)
  create(
    @Body() body: CreateTrustedPublisherDto,
    @PrincipalOf() principal: Principal,
    @OriginOf() origin: Origin,
  ): Promise<TrustedPublisherDto> {
    return this.publishers.create(body, principal, origin);
  }

  @Get()
  @RequiresAndConfines('tokens:read')
  @ApiOperation({ summary: 'List trusted publishers' })
  @ApiOkResponse({ type: TrustedPublisherPage })
  list(@Query() query: PageQuery, @PrincipalOf() principal: Principal): Promise<TrustedPublisherPage> {
    return this.publishers.list(query, principal);
  }

  @Get(':publisher')
  @RequiresAndConfines('tokens:read')
  @ApiOperation({ summary: 'Get a trusted publisher' })
  @ApiPublisherId()
  @ApiOkResponse({ type: TrustedPublisherDto })
  @ApiErrors(404)
  get(
    @Param('publisher', uuidPipe('publisher')) id: string,
    @PrincipalOf() principal: Principal,
  ): Promise<TrustedPublisherDto> {
    return this.publishers.get(id, principal);
  }

  @Delete(':publisher')
  @RequiresAndConfines('tokens:write')
  @ApiOperation({ summary: 'Remove a trusted publisher; its jobs are not admitted any more, at once' })
  @ApiPublisherId()
  @ApiOkResponse({ type: TrustedPublisherDto, description: 'What was removed.' })
  @ApiErrors(404)
  remove(
    @Param('publisher', uuidPipe('publisher')) id: string,
    @PrincipalOf() principal: Principal,
    @OriginOf() origin: Origin,
  ): Promise<TrustedPublisherDto> {
    return this.publishers.remove(id, principal, origin);
  }
}
