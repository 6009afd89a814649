import { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import pg from 'pg';

/** What processes tell each other through PostgreSQL; the payload is a repository's id, where there is one. */
export const CHANNELS = {
  changeWaiting: 'trs_change_waiting',
  revisionSettled: 'trs_revision_settled',
  /** Somebody may do less than before. */
  accessChanged: 'trs_access_changed',
} as const;
export type Channel = (typeof CHANNELS)[keyof typeof CHANNELS];

const RECONNECT_MS = 1_000;
const CONNECT_MS = 10_000;

/**
 * Listens on a connection of its own and reconnects for ever. Notifications sent meanwhile are lost, so listeners are
 * told of the reconnection and keep a slow poll behind what they hear.
 */
@Injectable()
export class Notifications implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(Notifications.name);
  private readonly emitter = new EventEmitter().setMaxListeners(0);
  private client: pg.Client | null = null;
  private isStopped = false;

  constructor(private readonly url: string) {}

  on(channel: Channel, listener: (repositoryId: number) => void): void {
    this.emitter.on(channel, listener);
  }

  onReconnect(listener: () => void): void {
    this.emitter.on('reconnect', listener);
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.connect();
  }

  async onApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    await this.client?.end();
  }

  private async connect(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.url,
      application_name: 'trs-listen',
      keepAlive: true,
      keepAliveInitialDelayMillis: CONNECT_MS,
      connectionTimeoutMillis: CONNECT_MS,
    });
    client.on('notification', ({ channel, payload }) => this.emitter.emit(channel, Number(payload)));
    client.on('error', (error) => this.logger.warn(`listening connection: ${error.message}`));
    try {
      await client.connect();
      for (const channel of Object.values(CHANNELS)) await client.query(`listen ${channel}`);
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
    client.on('end', () => void this.reconnect());
    this.client = client;
  }

  private async reconnect(): Promise<void> {
    while (!this.isStopped) {
      await delay(RECONNECT_MS, undefined, { ref: false });
      try {
        await this.connect();
        this.emitter.emit('reconnect');
        return;
      } catch (error) {
        this.logger.warn(`cannot listen for notifications yet: ${error instanceof Error ? error.message : error}`);
      }
    }
  }
}
