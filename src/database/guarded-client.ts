import type { Socket } from 'node:net';
import pg from 'pg';
import type { EntityManager } from 'typeorm';
import { preparedName } from './prepared-statements.js';

/** Milliseconds after which a statement must have been answered, or else given up by PostgreSQL. */
const GRACE_MS = 5_000;
const TRANSACTION_ABORTED = '25P02';

interface GuardedClient extends pg.Client {
  forgetFailure(): void;
}

/**
 * A connection that ends by itself where nothing comes over it for longer than any statement may take: then nobody is
 * at the other end, although nobody has said so, as after a failover or in a network that has lost it. Statements with
 * parameters are prepared once, and what fails behind another statement fails with the error of that one.
 */
export function guardedClient(statementMs: number): typeof pg.Client & (new () => GuardedClient) {
  return class extends pg.Client implements GuardedClient {
    private failure: unknown = null;
    private isHeldBack = false;

    constructor(config?: string | pg.ClientConfig) {
      super(config);
      // Never without a listener: it may fail between the pool handing it over and TypeORM listening.
      this.on('error', () => undefined);
      this.once('connect', () => {
        const stream = this.connection.stream as Socket; // pg's own, with TLS or without
        stream.setTimeout(statementMs + GRACE_MS, () => stream.destroy(new Error('ETIMEDOUT: PostgreSQL is silent')));
      });
    }

    // biome-ignore lint/suspicious/noExplicitAny: has to pass for all of the driver's overloads
    override query(statement: any, values?: any, callback?: any): any {
      const name = typeof statement === 'string' && Array.isArray(values) ? preparedName(statement) : undefined;
      if (this.pipeline) this.sendTogether();
      const answer: unknown = super.query(name === undefined ? statement : { name, text: statement }, values, callback);
      if (!this.pipeline || !(answer instanceof Promise)) return answer;
      return answer.catch((error) => {
        throw this.causeOf(error);
      });
    }

    /** What is asked in one go is sent in one, which wakes PostgreSQL once. */
    private sendTogether(): void {
      if (this.isHeldBack) return;
      this.isHeldBack = true;
      const { stream } = this.connection;
      stream.cork();
      queueMicrotask(() => {
        this.isHeldBack = false;
        stream.uncork();
      });
    }

    /** At the start of a transaction. */
    forgetFailure(): void {
      this.failure = null;
    }

    /** What was on its way behind a statement that failed is told only that the transaction is aborted. */
    private causeOf(error: unknown): unknown {
      const isFollowUp = error instanceof pg.DatabaseError && error.code === TRANSACTION_ABORTED;
      if (isFollowUp) return this.failure ?? error;
      this.failure ??= error;
      return error;
    }
  };
}

/**
 * Runs work that sends statements without waiting for the answers to earlier ones (the driver's pipeline mode): the
 * connection has to be the caller's own, in a transaction, and quiet before and after. COPY is not possible meanwhile.
 */
export async function pipelined<T>({ queryRunner }: EntityManager, work: () => Promise<T>): Promise<T> {
  const client: GuardedClient & { pipeline: boolean } = await queryRunner?.connect();
  client.forgetFailure();
  client.pipeline = true;
  try {
    return await work();
  } catch (error) {
    await client.query('').catch(() => undefined); // answered after all that is under way still
    throw error;
  } finally {
    client.pipeline = false;
  }
}
