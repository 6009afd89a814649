import { Injectable } from '@nestjs/common';
import { Clock } from '../clock.js';
import type { SigningEventEntity } from '../database/entities/signing-event.entity.js';
import { MetadataStore } from '../database/metadata.store.js';
import type { RepositoryRecord } from '../database/repository.store.js';
import { SigningEventStore, signingEventOf } from '../database/signing-event.store.js';
import { cursorInvalid, cursorKey, pageOf } from '../http/pagination.js';
import { ProblemError } from '../http/problem.js';
import { SigstoreIdentities } from '../sigstore/sigstore-identities.js';
import { canonicalBytes } from '../tuf/canonical-json.js';
import type { Change } from '../tuf/change.js';
import { TufError } from '../tuf/errors.js';
import { reviewEvent } from '../tuf/event-review.js';
import type { Root, Signature, Targets } from '../tuf/metadata.js';
import { parseSignature } from '../tuf/parse-metadata.js';
import { assertRootSignature } from '../tuf/root-trust.js';
import { isRootEvent, type SigningEvent } from '../tuf/signing-event.js';
import { assertSignature } from '../tuf/signing-event-changes.js';
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
    const page = pageOf(found, query.limit, ({ openedAt, id }) => `${openedAt.toISOString()} ${id}`, identity);
    const items = await this.reviewed(repository, page.items);
    return { items, next: page.next };
  }

  async show(repository: RepositoryRecord, id: string): Promise<SigningEventDto> {
    const [shown] = await this.reviewed(repository, [await this.find(repository, id)]);
    if (!shown) throw new Error('one event gives one review');
    return shown;
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
    await this.assertVerifies(repository, signingEventOf(event), signature);
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

  private async assertVerifies(repository: RepositoryRecord, event: SigningEvent, signature: Signature): Promise<void> {
    const { verifier } = this.identities;
    if (!isRootEvent(event)) {
      return assertSignature(event.metadata.signed, { ...event.signers, identities: verifier }, signature, 'signature');
    }
    const root = await this.metadata.root(repository.name);
    assertRootSignature(event.metadata.signed, root?.signed ?? null, signature, 'signature', verifier);
  }

  private async reviewed(
    repository: RepositoryRecord,
    events: readonly SigningEventEntity[],
  ): Promise<SigningEventDto[]> {
    if (events.length === 0) return [];
    const tree = await this.metadata.delegationTree(repository.id);
    const open = (await this.events.open(repository.id)).map(signingEventOf);
    const now = this.clock.now();
    return Promise.all(
      events.map(async (entity) => {
        const event = signingEventOf(entity);
        const previous = await this.previousVersion(repository, entity);
        const review = reviewEvent(event, previous, tree, now, this.identities.verifier);
        const others = entity.state === 'open' ? publishedTogether(event, open) : [];
        return signingEventDto(entity, review, previous?.version ?? null, others);
      }),
    );
  }

  private async previousVersion(
    { name }: RepositoryRecord,
    { role, version }: SigningEventEntity,
  ): Promise<Root | Targets | null> {
    const before = version > 1 ? await this.metadata.signedVersion<Root | Targets>(name, role, version - 1) : null;
    return before?.signed ?? null;
  }
}

function identity<T>(value: T): T {
  return value;
}

function publishedTogether({ id, role, pending }: SigningEvent, open: readonly SigningEvent[]): string[] {
  const others = open.filter((other) => other.id !== id);
  return others
    .filter((other) => other.pending?.delegator === role || pending?.delegator === other.role)
    .map((other) => other.id);
}

/** The opening and the id of the event after which a page starts; empty for the first page. */
function eventCursor(query: ListSigningEventsQuery): string {
  const key = cursorKey(query);
  if (key === '' || /^\d{4}-\d\d-\d\dT[\d:.]{12}Z [0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(key)) return key;
  throw cursorInvalid();
}
