import type { EntityManager } from 'typeorm';
import { TransactionStatements } from './transaction-statements.js';

test('a statement that comes when the transaction is over is refused, and not sent', async () => {
  const sent: string[] = [];
  const manager = { query: async (statement: string) => sent.push(statement) } as unknown as EntityManager;
  const statements = new TransactionStatements(manager);
  await statements.query('in time');
  statements.end();
  await expect(statements.query('too late')).rejects.toThrow('the transaction is over');
  expect(sent).toEqual(['in time']);
});
