import { randomBytes } from 'node:crypto';
import pg from 'pg';

export interface TestDatabase {
  readonly url: string;
  query(sql: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
  drop(): Promise<void>;
  /** The same database as another user sees it. */
  as(user: string, password: string): Omit<TestDatabase, 'as' | 'drop'>;
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
    drop: () => onServer(`drop database if exists ${name} with (force)`),
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

/** As who may create users: the owner of the embedded server, or whom TRS_TEST_DATABASE_ADMIN_URL names. */
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
