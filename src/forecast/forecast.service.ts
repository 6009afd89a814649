import { Injectable } from '@nestjs/common';
import { Clock } from '../clock.js';
import type { SigningKeyEntity } from '../database/entities/signing-key.entity.js';
import { KeyStore } from '../database/key.store.js';
import { MetadataStore } from '../database/metadata.store.js';
import type { RepositoryRecord } from '../database/repository.store.js';
import { SigningEventStore, signingEventOf } from '../database/signing-event.store.js';
import type { Principal } from '../http/principal.js';
import { SigstoreIdentities } from '../sigstore/sigstore-identities.js';
import { type ForecastItem, forecast } from '../tuf/forecast.js';
import type { KeyId } from '../tuf/key.js';
import { type ForecastDto, forecastItemDto } from './forecast.dto.js';

const DAY_MS = 86_400_000;

@Injectable()
export class ForecastService {
  constructor(
    private readonly metadata: MetadataStore,
    private readonly events: SigningEventStore,
    private readonly keys: KeyStore,
    private readonly identities: SigstoreIdentities,
    private readonly clock: Clock,
  ) {}

  async forecast(repository: RepositoryRecord, days: number, principal: Principal): Promise<ForecastDto> {
    const now = this.clock.now();
    const until = new Date(now.getTime() + days * DAY_MS);
    const onlineKeys = await this.keys.onlineKeyIds();
    const items = await this.items(repository.id, onlineKeys, now, until);
    const names = principal.holds('keys:read') ? await this.keyNames(items) : new Map();
    return {
      repository: repository.name,
      from: now.toISOString(),
      until: until.toISOString(),
      items: items.map((item) => forecastItemDto(item, onlineKeys, names)),
    };
  }

  private async items(
    repositoryId: number,
    onlineKeys: ReadonlySet<KeyId>,
    now: Date,
    until: Date,
  ): Promise<ForecastItem[]> {
    const openEvents = (await this.events.open(repositoryId)).map(signingEventOf);
    const named = openEvents.map(({ role }) => role);
    const source = {
      tree: await this.metadata.delegationTree(repositoryId),
      roles: await this.metadata.rolesExpiring(repositoryId, until, named),
      bins: await this.metadata.binsExpiring(repositoryId, until),
      openEvents,
      onlineKeys,
      identities: this.identities.verifier,
    };
    return forecast(source, now);
  }

  private async keyNames(items: readonly ForecastItem[]): Promise<Map<KeyId, SigningKeyEntity>> {
    const keyIds = new Set(items.flatMap(({ signers }) => signers.keyids));
    return new Map((await this.keys.findAll([...keyIds])).map((key) => [key.keyId, key]));
  }
}
