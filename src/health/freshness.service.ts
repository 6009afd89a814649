import { Injectable } from '@nestjs/common';
import { Clock } from '../clock.js';
import { KeyStore } from '../database/key.store.js';
import { MetadataStore, type RoleSomewhere } from '../database/metadata.store.js';
import { type ForecastState, forecast, isAtRisk, OVERDUE_AFTER_MS } from '../tuf/forecast.js';
import type { KeyId } from '../tuf/key.js';

/** A role whose metadata expires, or has, unless somebody does something. */
export interface ExpiringRole {
  readonly repository: string;
  readonly role: string;
  readonly expires: Date;
  readonly signedBy: 'service' | 'people';
  readonly state: ForecastState;
}

const DAY_SECONDS = 86_400;
const KEPT_MS = 1_000;
const MOST_OVERDUE = 1_000;

/** Looks through all repositories for what expires without the service being able to renew it. */
@Injectable()
export class FreshnessService {
  /** Anybody may ask, so asking more often does not make it look more often. */
  private readonly recent = new Map<number, { readonly at: Date; readonly roles: Promise<ExpiringRole[]> }>();

  constructor(
    private readonly metadata: MetadataStore,
    private readonly keys: KeyStore,
    private readonly clock: Clock,
  ) {}

  /** Soonest first. */
  async expiringWithin(seconds: number): Promise<ExpiringRole[]> {
    const before = new Date(this.clock.now().getTime() + seconds * 1_000);
    const roles = await this.recentlyExpiring(2 ** Math.ceil(Math.log2(Math.max(1, seconds / DAY_SECONDS))));
    return roles.filter((role) => isAtRisk(role, before));
  }

  private recentlyExpiring(days: number): Promise<ExpiringRole[]> {
    const now = this.clock.now();
    const recent = this.recent.get(days);
    if (recent && Math.abs(now.getTime() - recent.at.getTime()) < KEPT_MS) return recent.roles;
    const roles = this.expiringUntil(now, new Date(now.getTime() + (days * DAY_SECONDS + 1) * 1_000));
    this.recent.set(days, { at: now, roles });
    roles.catch(() => this.recent.delete(days)); // whoever asked is told; the next one asks again
    return roles;
  }

  private async expiringUntil(now: Date, until: Date): Promise<ExpiringRole[]> {
    const overdue = await this.overdue(now);
    const candidates = await this.metadata.rolesExpiringAnywhere(until);
    const onlineKeys = await this.keys.onlineKeyIds();
    const found = new Map(overdue.map((role) => [keyOf(role), role]));
    for (const roles of Map.groupBy(candidates, ({ repositoryId }) => repositoryId).values()) {
      for (const role of await this.forecast(roles, onlineKeys, now)) found.set(keyOf(role), role);
    }
    return [...found.values()].sort((left, right) => left.expires.getTime() - right.expires.getTime());
  }

  private async overdue(now: Date): Promise<ExpiringRole[]> {
    const since = new Date(now.getTime() - OVERDUE_AFTER_MS);
    const roles = await this.metadata.overdueRoles(now, since, MOST_OVERDUE);
    return roles.map(({ repository, role, expiresAt: expires }) => {
      const state = expires <= now ? 'expired' : 'overdue';
      return { repository, role, expires, signedBy: 'service', state };
    });
  }

  /** @param roles of one repository. */
  private async forecast(
    roles: readonly RoleSomewhere[],
    onlineKeys: ReadonlySet<KeyId>,
    now: Date,
  ): Promise<ExpiringRole[]> {
    const [{ repositoryId, repository }] = roles as [RoleSomewhere];
    const tree = await this.metadata.delegationTree(repositoryId);
    const items = forecast({ tree, roles, bins: [], openEvents: [], onlineKeys }, now);
    return items.flatMap(({ role, expires, signedBy, state }) =>
      expires ? [{ repository, role, expires, signedBy, state }] : [],
    );
  }
}

function keyOf({ repository, role }: ExpiringRole): string {
  return `${repository} ${role}`;
}
