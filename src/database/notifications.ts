import { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type pg from 'pg';
import { guardedClient } from './guarded-client.js';
import type { SettledTask } from './settled-task.js';

/** What processes tell each other through PostgreSQL. */
export const CHANNELS = {
  changeWaiting: 'trs_change_waiting',
  revisionSettled: 'trs_revision_settled',
  /** Somebody may do less than before. */
  accessChanged: 'trs_access_changed',
} as const;
export type Channel = (typeof CHANNELS)[keyof typeof CHANNELS];

/** Another process, by what PostgreSQL numbers its listening connection; a new one after each reconnection. */
export type OtherProcess = number;
export type Teller = 'this-process' | OtherProcess;

export interface Message {
  readonly repositoryId: number;
  /** How many changes came to wait, as far as they were counted. */
  readonly changes?: number;
  /** What became of tasks: only from this process, for whoever connects to the database may hear what others are told. */
  readonly settled?: readonly SettledTask[];
}

export type Listener = (message: Message, teller: Teller) => void;

interface Untold {
  /** One of {@link CHANNELS}, or that of a single process. */
  readonly channel: string;
  readonly repositoryId: number;
  readonly changes: number;
}

/** How long a stop waits for a database that does not answer. */
const LAST_WORD_MS = 1_000;
const RECONNECT_MS = 1_000;
const CONNECT_MS = 10_000;
/** The listening connection is silent for hours where nothing happens, so it is asked whether it is still there. */
const ASK_MS = 5_000;
const SILENT_MS = 20_000;

const ListeningClient = guardedClient(SILENT_MS);

/**
 * Tells and listens on a connection of its own and reconnects for ever. What is told follows a commit instead of being
 * part of it: PostgreSQL takes commits that notify one at a time, fsync included. A notification may so be lost, on
 * the way or with the process; listeners are told of a reconnection and keep a slow poll behind what they hear.
 */
@Injectable()
export class Notifications implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(Notifications.name);
  private readonly emitter = new EventEmitter().setMaxListeners(0);
  private client: pg.Client | null = null;
  /** Who alone is told of the changes that come to wait, by repository. */
  private readonly publishers = new Map<number, Teller>();
  /** What other processes have yet to be told. */
  private readonly untold = new Map<string, Untold>();
  private telling: Promise<void> | null = null;
  private asking: NodeJS.Timeout | null = null;
  private isStopped = false;

  constructor(private readonly url: string) {}

  on(channel: Channel, listener: Listener): void {
    this.emitter.on(channel, listener);
  }

  /**
   * Tells the listeners of this process at once, those of others soon; what is told twice meanwhile, they hear once. What
   * waits is told to the publisher alone, where it is known.
   */
  tell(channel: Channel, message: Message): void {
    this.emitter.emit(channel, message, 'this-process' satisfies Teller);
    const { repositoryId, changes = 0 } = message;
    const publisher = channel === CHANNELS.changeWaiting ? this.publishers.get(repositoryId) : undefined;
    if (publisher === 'this-process') return;
    const addressed = publisher === undefined ? channel : channelOf(publisher);
    const key = `${addressed} ${repositoryId}`;
    this.untold.set(key, { channel: addressed, repositoryId, changes: (this.untold.get(key)?.changes ?? 0) + changes });
    this.telling ??= this.tellOthers();
  }

  /** Each process that hears of a change wakes for it, so that many of them would do little else. */
  publisherIs(publisher: Teller, repositoryId: number): void {
    this.publishers.set(repositoryId, publisher);
  }

  publisherIsUnknown(repositoryId: number): void {
    this.publishers.delete(repositoryId);
  }

  onReconnect(listener: () => void): void {
    this.emitter.on('reconnect', listener);
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.connect();
    this.asking = setInterval(() => {
      this.telling ??= this.tellOthers(); // nothing, but somebody has to answer
    }, ASK_MS);
  }

  async onApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    if (this.asking) clearInterval(this.asking);
    await Promise.race([this.telling, delay(LAST_WORD_MS, undefined, { ref: false })]);
    await this.client?.end();
  }

  private async tellOthers(): Promise<void> {
    try {
      do {
        const messages = [...this.untold.values()];
        this.untold.clear();
        await this.client?.query(
          'select pg_notify(channel, payload) from unnest($1::text[], $2::text[]) as message (channel, payload)',
          [messages.map(({ channel }) => channel), messages.map(payloadOf)],
        );
      } while (this.untold.size > 0);
    } catch (error) {
      this.logger.warn(`cannot tell other processes: ${error instanceof Error ? error.message : error}`);
    } finally {
      this.telling = null;
    }
  }

  private async connect(): Promise<void> {
    const client = new ListeningClient({
      connectionString: this.url,
      application_name: 'trs-listen',
      keepAlive: true,
      keepAliveInitialDelayMillis: CONNECT_MS,
      connectionTimeoutMillis: CONNECT_MS,
    });
    client.on('error', (error) => this.logger.warn(`listening connection: ${error.message}`));
    try {
      await client.connect();
      const { rows } = await client.query<{ pid: OtherProcess }>('select pg_backend_pid() as pid');
      const own = rows[0]?.pid as OtherProcess;
      client.on('notification', ({ channel, payload, processId }) => {
        if (processId === own) return;
        const kind = channel === channelOf(own) ? CHANNELS.changeWaiting : channel;
        this.emitter.emit(kind, messageIn(payload), processId satisfies Teller);
      });
      for (const channel of [...Object.values(CHANNELS), channelOf(own)]) await client.query(`listen ${channel}`);
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

/** On which one process hears of changes that wait for it. */
function channelOf(publisher: OtherProcess): string {
  return `${CHANNELS.changeWaiting}_${publisher}`;
}

function payloadOf({ repositoryId, changes }: Untold): string {
  return `${repositoryId} ${changes}`;
}

/** No payload comes where nothing but the channel counts. */
function messageIn(payload = ''): Message {
  const [repositoryId = 0, changes = 0] = payload.split(' ').map(Number);
  return { repositoryId, changes };
}
