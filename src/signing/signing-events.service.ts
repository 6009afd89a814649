import { Injectable } from '@nestjs/common';
import { Clock } from '../clock.js';
import type { SigningEventEntity } from '../database/entities/signing-event.entity.js';
import { MetadataStore } from '../database/metadata.store.js';
import type { RepositoryRecord } from '../database/repository.store.js';
import { SigningEventStore } from '../database/signing-event.store.js';
import { cursorInvalid, cursorKey, pageOf } from '../http/pagination.js';
import { ProblemError } from '../http/problem.js';
import { SigstoreIdentities } from '../sigstore/sigstore-identities.js';
import { canonicalBytes } from '../tuf/canonical-json.js';
import type { Change } from '../tuf/change.js';
import { TufError } from '../tuf/errors.js';
import type { Root, SignedMetadata } from '../tuf/metadata.js';
import { parseSignature } from '../tuf/parse-metadata.js';
import { ROOT } from '../tuf/role-name.js';
import { assertRootSignature } from '../tuf/root-trust.js';
import type { AddSignatureDto } from './add-signature.dto.js';
import type { ListSigningEventsQuery } from './list-signing-events.query.js';
import { type SigningEventDto, type SigningEventPage, signingEventDto } from './signing-event.dto.js';

@Injectable()
export class SigningEventsService {
  constructor(
    private readonly events: SigningEventStore,
    private readonly metadata: MetadataStore,
    private readonly identities: SigstoreIdentities,
    private readonly clock: Clock,
  ) {}

  async list(repository: RepositoryRecord, query: ListSigningEventsQuery): Promise<SigningEventPage> {
    const found = await this.events.list(repository.id, query.state, eventCursor(query), query.limit + 1);
    const previous = await this.previousRoots(repository, found);
    const show = (event: SigningEventEntity) =>
      signingEventDto(event, previous.get(event.version) ?? null, this.clock.now(), this.identities.verifier);
    return pageOf(found, query.limit, ({ openedAt, id }) => `${openedAt.toISOString()} ${id}`, show);
  }

  async show(repository: RepositoryRecord, id: string): Promise<SigningEventDto> {
    const event = await this.find(repository, id);
    const previous = await this.previousRoots(repository, [event]);
    return signingEventDto(event, previous.get(event.version) ?? null, this.clock.now(), this.identities.verifier);
  }

  /** The very bytes to sign. */
  async payload(repository: RepositoryRecord, id: string): Promise<Uint8Array> {
    const { metadata } = await this.find(repository, id);
    return canonicalBytes(metadata.signed);
  }

  /** Verifies the signature at once; the publisher decides again when it applies the change. */
  async signature(repository: RepositoryRecord, id: string, body: AddSignatureDto): Promise<Change> {
    const event = await this.findOpen(repository, id);
    const signature = parseSignature({ ...body, sig: body.sig ?? '' }, 'signature');
    const root = await this.metadata.root(repository.name);
    assertRootSignature(event.metadata.signed, root?.signed ?? null, signature, 'signature', this.identities.verifier);
    return { kind: 'add-signature', signingEvent: id, signature };
  }

  async withdrawal(repository: RepositoryRecord, id: string, reason: string): Promise<Change> {
    await this.findOpen(repository, id);
    return { kind: 'withdraw-signing-event', signingEvent: id, reason };
  }

  private async findOpen(repository: RepositoryRecord, id: string): Promise<SigningEventEntity> {
    const event = await this.find(repository, id);
    if (event.state !== 'open') throw new TufError('signing-event-closed', `signing event ${id} is ${event.state}`);
    return event;
  }

  private async find(repository: RepositoryRecord, id: string): Promise<SigningEventEntity> {
    const event = await this.events.find(repository.id, id);
    if (!event) {
      throw new ProblemError(404, 'signing-event-unknown', `repository ${repository.name} has no signing event ${id}`);
    }
    return event;
  }

  /** By the version that follows them. */
  private async previousRoots(
    { name }: RepositoryRecord,
    events: readonly SigningEventEntity[],
  ): Promise<Map<number, Root>> {
    const versions = [...new Set(events.map(({ version }) => version))].filter((version) => version > 1);
    const files = await Promise.all(versions.map((version) => this.metadata.version(name, ROOT, version - 1)));
    return new Map(
      versions.flatMap((version, index) => {
        const file = files[index];
        if (!file) return [];
        const { signed }: SignedMetadata<Root> = JSON.parse(file.bytes.toString('utf8'));
        return [[version, signed] as const];
      }),
    );
  }
}

/** The opening and the id of the event after which a page starts; empty for the first page. */
function eventCursor(query: ListSigningEventsQuery): string {
  const key = cursorKey(query);
  if (key === '' || /^\d{4}-\d\d-\d\dT[\d:.]{12}Z [0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(key)) return key;
  throw cursorInvalid();
}
