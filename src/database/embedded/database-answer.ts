import pg from 'pg';
import { hasCode } from './error-codes.js';

/** `recovering`: it is replaying its log after a crash; `silent`: not there yet, or on its way out. */
export type Answer = 'ready' | 'recovering' | 'silent';

/**
 * Asks the server on this port, with our password, for the database and the ordinary role `trs` that owns it;
 * makes whichever is missing.
 */
export async function askForDatabase(port: number, password: string): Promise<Answer> {
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
    await ensureDatabase(client, password);
    return 'ready';
  } catch (error) {
    return answerIn(error, port);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function ensureDatabase(client: pg.Client, password: string): Promise<void> {
  const role = await client.query(`select from pg_roles where rolname = 'trs'`);
  if (role.rowCount === 0) {
    await unlessThereAlready(client.query(`create role trs login createdb password ${client.escapeLiteral(password)}`));
  }
  const database = await client.query(`select from pg_database where datname = 'trs'`);
  if (database.rowCount === 0) await unlessThereAlready(client.query('create database trs owner trs'));
}

/** A concurrent start may make the same, between our look and our statement. */
async function unlessThereAlready(creation: Promise<unknown>): Promise<void> {
  try {
    await creation;
  } catch (error) {
    if (!hasCode(error, '42710', '42P04', '23505')) throw error;
  }
}

function answerIn(error: unknown, port: number): Answer {
  if (hasCode(error, '57P03')) return 'recovering';
  // stopping, crashed, or too many connections; other errors of the database will not pass by waiting
  if (!(error instanceof pg.DatabaseError) || hasCode(error, '57P01', '57P02', '53300')) return 'silent';
  if (hasCode(error, '28P01', '28000')) {
    const sentence = `PostgreSQL on port ${port} refuses the password kept beside its cluster (postgres.password)`;
    throw new Error(sentence, { cause: error });
  }
  throw new Error(`PostgreSQL on port ${port} cannot provide the database trs: ${error.message}`, { cause: error });
}
