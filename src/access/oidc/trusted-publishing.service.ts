import { Injectable } from '@nestjs/common';
import { Clock } from '../../clock.js';
import type { TrustedPublisherEntity } from '../../database/entities/trusted-publisher.entity.js';
import { TrustedPublisherStore } from '../../database/trusted-publisher.store.js';
import { type Grant, Principal } from '../../http/principal.js';
import { fits } from './claim-rules.js';
import { type IdToken, IdTokenVerifier } from './id-token-verifier.service.js';

/** Finds out which trusted publishers a CI job is, by its ID token. */
@Injectable()
export class TrustedPublishing {
  constructor(
    private readonly tokens: IdTokenVerifier,
    private readonly publishers: TrustedPublisherStore,
    private readonly clock: Clock,
  ) {}

  async principalOf(jwt: string): Promise<Principal | null> {
    const token = await this.tokens.verified(jwt);
    if (!token) return null;
    const publishers = await this.publishers.ofIssuer(token.issuer, this.clock.now());
    const [first, ...others] = publishers.filter((publisher) => isOf(token, publisher)).map(grantOf);
    if (!first) return null;
    const name = `oidc:${token.issuer} ${token.subject}`;
    return new Principal('trusted-publisher', name, [first, ...others], token.expiresAt);
  }
}

function isOf({ audiences, claims }: IdToken, publisher: TrustedPublisherEntity): boolean {
  return audiences.includes(publisher.audience) && fits(publisher.claims, claims);
}

function grantOf({ id, scopes, repositories, paths }: TrustedPublisherEntity): Grant {
  return { id, scopes, repositories, paths };
}
