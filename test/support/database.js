import { randomBytes } from 'node:crypto';
import pg from 'pg';
/** An empty database on the PostgreSQL of this test run. */
export async function createTestDatabase() {
    const name = `test_${randomBytes(6).toString('hex')}`;
    await onServer(`create database ${name}`);
    const url = new URL(serverUrl());
    url.pathname = `/${name}`;
    return {
        url: url.href,
        query: (sql, values) => queryOn(url.href, sql, values),
        drop: () => onServer(`drop database if exists ${name} with (force)`),
    };
}
function serverUrl() {
    const url = process.env.TRS_TEST_DATABASE_URL;
    if (!url)
        throw new Error('no PostgreSQL: this project of jest lacks the global setup');
    return url;
}
async function onServer(sql) {
    await queryOn(serverUrl(), sql);
}
async function queryOn(url, sql, values = []) {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
        const result = await client.query(sql, values);
        return result.rows;
    }
    finally {
        await client.end();
    }
}
