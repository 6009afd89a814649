import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { RoleName } from '../tuf/role-name.js';
import type { SigningEvent, SigningEventState } from '../tuf/signing-event.js';
import { SigningEventEntity } from './entities/signing-event.entity.js';

@Injectable()
export class SigningEventStore {
  constructor(private readonly dataSource: DataSource) {}

  /** Newest first, those after the one that `after` names: its opening and its id. */
  list(
    repositoryId: number,
    state: SigningEventState | undefined,
    after: string,
    limit: number,
  ): Promise<SigningEventEntity[]> {
    const query = this.events
      .createQueryBuilder('event')
      .where('event.repositoryId = :repositoryId', { repositoryId })
      .orderBy({ 'event.openedAt': 'DESC', 'event.id': 'DESC' })
      .limit(limit);
    if (state) query.andWhere('event.state = :state', { state });
    const [openedAt, id] = after.split(' ');
    if (after) query.andWhere('(event.openedAt, event.id) < (:openedAt::timestamptz, :id::uuid)', { openedAt, id });
    return query.getMany();
  }

  find(repositoryId: number, id: string): Promise<SigningEventEntity | null> {
    return this.events.findOneBy({ repositoryId, id });
  }

  open(repositoryId: number): Promise<SigningEventEntity[]> {
    return this.events.findBy({ repositoryId, state: 'open' });
  }

  private get events() {
    return this.dataSource.getRepository(SigningEventEntity);
  }
}

/** A row is one of the two kinds of events: it was written from one. */
export function signingEventOf({
  id,
  role,
  state,
  metadata,
  signers,
  pending,
  consequences,
  reason,
}: SigningEventEntity): SigningEvent {
  return { id, role: role as RoleName, state, metadata, signers, pending, consequences, reason } as SigningEvent;
}
