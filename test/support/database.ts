import { randomBytes } from 'node:crypto';
import pg from 'pg';

export interface TestDatabase {
  readonly url: string;
  query(sql: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
  /** Has everybody wait who writes into the table, until what is returned is called; reading goes on. */
  holdWriting(table: string): Promise<() => Promise<void>>;
  /** Has everybody wait who reads or writes the table. */
  holdReading(table: string): Promise<() => Promise<void>>;
  drop(): Promise<void>;
  /** The same database as another user sees it. */
  as(user: string, password: string): Omit<TestDatabase, 'as' | 'drop' | 'holdWriting' | 'holdReading'>;
}

/** An empty database on the PostgreSQL of this test run. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await onServer(`create database ${name}`);
  const url = new URL(serverUrl());
  url.pathname = `/${name}`;
  return {
    url: url.href,
    query: (sql, values) => queryOn(url.href, sql, values),
    holdWriting: (table) => hold(url.href, table, 'share'),
    holdReading: (table) => hold(url.href, table, 'access exclusive'),
    drop: () => asAdministrator(`drop database if exists ${name} with (force)`),
    as: (user, password) => {
      const own = Object.assign(new URL(url.href), { username: user, password });
      return { url: own.href, query: (sql, values) => queryOn(own.href, sql, values) };
    },
  };
}

function serverUrl(): string {
  const url = process.env.TRS_TEST_DATABASE_URL;
  if (!url) throw new Error('no PostgreSQL: this project of jest lacks the global setup');
  return url;
}

/** As who may create users, and end what autovacuum does: the owner of the embedded server, or whom TRS_TEST_DATABASE_ADMIN_URL names. */
export async function asAdministrator(sql: string): Promise<void> {
  await queryOn(process.env.TRS_TEST_DATABASE_ADMIN_URL ?? serverUrl(), sql);
}

export async function onServer(sql: string): Promise<void> {
  await queryOn(serverUrl(), sql);
}

async function queryOn(url: string, sql: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const result = await client.query(sql, values);
    return result.rows;
  } finally {
    await client.end();
  }
}

async function hold(url: string, table: string, mode: string): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined); // a test that fails may drop the database before it lets go
  await client.connect();
  await client.query('begin');
  await client.query(`lock table ${table} in ${mode} mode`);
  let ending: Promise<void> | null = null;
  return () => {
    ending ??= client.end();
    return ending;
  };
}
