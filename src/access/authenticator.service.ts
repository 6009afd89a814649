import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from '../clock.js';
import { AccessTokenStore } from '../database/access-token.store.js';
import type { AccessTokenEntity } from '../database/entities/access-token.entity.js';
import { CHANNELS, Notifications } from '../database/notifications.js';
import { Principal } from '../http/principal.js';
import { hashOfToken, isMistyped, isSameHash } from './access-token.js';
import { LastUses } from './last-uses.service.js';
import { TrustedPublishing } from './oidc/trusted-publishing.service.js';
import { VerifiedPrincipals } from './verified-principals.js';

/** Finds out who makes a request. */
@Injectable()
export class Authenticator implements OnApplicationBootstrap {
  constructor(
    private readonly tokens: AccessTokenStore,
    private readonly publishing: TrustedPublishing,
    private readonly verified: VerifiedPrincipals,
    private readonly uses: LastUses,
    private readonly notifications: Notifications,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.notifications.on(CHANNELS.accessChanged, () => this.verified.forgetAll());
    this.notifications.onReconnect(() => this.verified.forgetAll());
  }

  /**
   * The principal behind an Authorization header (RFC 6750), or null.
   * @param beforeGuess may refuse to look at anything but a token that was good before.
   */
  async principalOf(authorization: string | undefined, beforeGuess: () => Promise<void>): Promise<Principal | null> {
    const token = /^Bearer ([!-~]{1,8192})$/i.exec(authorization ?? '')?.[1];
    if (token === undefined || isMistyped(token)) {
      await beforeGuess();
      return null;
    }
    const hash = hashOfToken(token);
    const principal = await this.verified.find(hash, async () => {
      if (!this.verified.hasSeen(hash)) await beforeGuess();
      return isJwt(token) ? this.publishing.principalOf(token) : this.ofToken(hash);
    });
    if (!principal || hasExpired(principal, this.clock.now())) return null;
    this.uses.note(principal);
    return principal;
  }

  private async ofToken(hash: Buffer): Promise<Principal | null> {
    const token = await this.tokens.findByHash(hash);
    return token && isSameHash(token.hash, hash) && token.revokedAt === null ? tokenPrincipal(token) : null;
  }
}

function tokenPrincipal({ id, name, scopes, repositories, paths, expiresAt }: AccessTokenEntity): Principal {
  return new Principal('token', name, [{ id, scopes, repositories, paths }], expiresAt);
}

/** Three parts, of which the first is an object: its base64url starts like this. */
function isJwt(token: string): boolean {
  return /^ey[\w-]+\.[\w-]+\.[\w-]+$/.test(token);
}

function hasExpired({ expiresAt }: Principal, now: Date): boolean {
  return expiresAt !== null && expiresAt <= now;
}
