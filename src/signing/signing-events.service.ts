import { Injectable } from '@nestjs/common';
import type { SigningEventEntity } from '../database/entities/signing-event.entity.js';
import type { RepositoryRecord } from '../database/repository.store.js';
import { SigningEventStore } from '../database/signing-event.store.js';
import { ProblemError } from '../http/problem.js';
import type { Change } from '../tuf/change.js';
import { TufError } from '../tuf/errors.js';
import { parseSignature } from '../tuf/parse-metadata.js';
import { assertRootSignature } from '../tuf/root-trust.js';
import type { AddSignatureDto } from './add-signature.dto.js';

@Injectable()
export class SigningEventsService {
  constructor(private readonly events: SigningEventStore) {}

  list(repository: RepositoryRecord): Promise<SigningEventEntity[]> {
    return this.events.list(repository.id, 1_000);
  }

  async get(repository: RepositoryRecord, id: string): Promise<SigningEventEntity> {
    const event = await this.events.find(repository.id, id);
    if (!event) {
      throw new ProblemError(404, 'signing-event-unknown', `repository ${repository.name} has no signing event ${id}`);
    }
    return event;
  }

  /** Verifies the signature at once; the publisher decides again when it applies the change. */
  async signature(repository: RepositoryRecord, id: string, body: AddSignatureDto): Promise<Change> {
    const event = await this.get(repository, id);
    if (event.state !== 'open') throw new TufError('signing-event-closed', `signing event ${id} is ${event.state}`);
    const signature = parseSignature(body, 'signature');
    assertRootSignature(event.metadata.signed, signature, 'signature');
    return { kind: 'add-signature', signingEvent: id, signature };
  }
}
