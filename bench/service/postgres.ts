import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../src/database/embedded/embedded-postgres.js';

/** The PostgreSQL of a run: an empty database, and what can be found out about its server. */
export interface Postgres {
  readonly url: string;
  readonly pool: pg.Pool;
  /** The process id of the postmaster; null where the server is another one. */
  readonly pid: number | null;
  stop(): Promise<void>;
}

/** As `npm start` has it, with its durable defaults, in a folder that is the caller's to remove. */
export async function embeddedPostgres(folder: string): Promise<Postgres> {
  const server = await startEmbeddedPostgres({ folder });
  const [pid] = (await readFile(join(folder, 'cluster', 'postmaster.pid'), 'utf8')).split('\n');
  const pool = poolOn(server.url);
  const stop = async () => {
    await pool.end();
    await server.stop();
  };
  return { url: server.url, pool, pid: Number(pid), stop };
}

/** A database of the run's own on a server that runs already; the URL's user must be allowed to create it. */
export async function databaseOn(serverUrl: string): Promise<Postgres> {
  const name = `bench_${randomBytes(6).toString('hex')}`;
  await once(serverUrl, `create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const pool = poolOn(url.href);
  const stop = async () => {
    await pool.end();
    await once(serverUrl, `drop database if exists ${name} with (force)`);
  };
  return { url: url.href, pool, pid: null, stop };
}

/** Does at once what PostgreSQL does by itself in the minutes after much was written, lest it fall into what is measured. */
export async function settle(pool: pg.Pool): Promise<void> {
  await pool.query('vacuum (analyze)');
  await pool.query('checkpoint').catch(() => undefined); // where the user may not, it comes when it comes
}

function poolOn(connectionString: string): pg.Pool {
  const pool = new pg.Pool({ connectionString, max: 2 });
  pool.on('error', () => undefined); // an idle connection that the server closes when it stops
  return pool;
}

async function once(connectionString: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
