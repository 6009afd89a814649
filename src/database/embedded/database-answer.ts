import pg from 'pg';
import { hasCode } from './error-codes.js';

export type Answer = 'ready' | 'recovering' | 'silent';

/** What a server on this port says to our password. */
export async function answerOf(port: number, password: string): Promise<Answer> {
  try {
    await asSuperuser(port, password, async (client) => client.query('select 1'));
    return 'ready';
  } catch (error) {
    if (hasCode(error, '28P01', '28000')) {
      throw new Error(`PostgreSQL on port ${port} refuses the kept password (postgres.password beside the cluster)`, {
        cause: error,
      });
    }
    return hasCode(error, '57P03') ? 'recovering' : 'silent';
  }
}

/** Makes the database and the ordinary role `trs` that owns it, whichever is missing. */
export async function ensureDatabase(port: number, password: string): Promise<void> {
  await asSuperuser(port, password, async (client) => {
    const role = await client.query(`select from pg_roles where rolname = 'trs'`);
    if (role.rowCount === 0) {
      await unlessThereAlready(client.query(`create role trs login createdb password ${client.escapeLiteral(password)}`));
    }
    const database = await client.query(`select from pg_database where datname = 'trs'`);
    if (database.rowCount === 0) await unlessThereAlready(client.query('create database trs owner trs'));
  });
}

/** A concurrent start may make the same, between our look and our statement. */
async function unlessThereAlready(creation: Promise<unknown>): Promise<void> {
  try {
    await creation;
  } catch (error) {
    if (!hasCode(error, '42710', '42P04', '23505')) throw error;
  }
}

async function asSuperuser(port: number, password: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port,
    user: 'postgres',
    password,
    database: 'postgres',
    connectionTimeoutMillis: 2000,
  });
  // a server that stops meanwhile also tells through the query
  client.on('error', () => undefined);
  try {
    await client.connect();
    await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}
