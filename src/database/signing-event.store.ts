import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { SigningEventEntity } from './entities/signing-event.entity.js';

@Injectable()
export class SigningEventStore {
  constructor(private readonly dataSource: DataSource) {}

  /** Newest first. */
  list(repositoryId: number, limit: number): Promise<SigningEventEntity[]> {
    return this.events.find({ where: { repositoryId }, order: { openedAt: 'DESC' }, take: limit });
  }

  find(repositoryId: number, id: string): Promise<SigningEventEntity | null> {
    return this.events.findOneBy({ repositoryId, id });
  }

  private get events() {
    return this.dataSource.getRepository(SigningEventEntity);
  }
}
