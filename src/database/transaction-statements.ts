import type { EntityManager } from 'typeorm';

/** What sends statements: a connection, or one transaction. */
export type Statements = Pick<EntityManager, 'query'>;

/** The statements of one transaction. One that comes late, when it is over, would take effect by itself: it is refused. */
export class TransactionStatements implements Statements {
  private isOver = false;

  constructor(private readonly manager: EntityManager) {}

  // biome-ignore lint/suspicious/noExplicitAny: rows, as TypeORM types them
  query<T = any>(statement: string, parameters?: unknown[]): Promise<T> {
    if (this.isOver) return Promise.reject(new Error(`the transaction is over: ${statement}`));
    return this.manager.query<T>(statement, parameters);
  }

  end(): void {
    this.isOver = true;
  }
}
