import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { generatedArtifacts } from '../load/generated-artifacts.js';
import { eachTimeOf } from './timing.js';

export const COPIED_ROWS = 100_000;
const COPIES = 3;
const COMMITS = 100;
const ROWS_PER_CHUNK = 500;

/** Milliseconds of the steps that need PostgreSQL: a commit of one row, and COPY of rows like those of the artifact index. */
export async function databaseLimits(pool: pg.Pool) {
  const client = await pool.connect();
  try {
    await client.query('create table limit_commit (number integer primary key)');
    await client.query(
      `create table limit_copy (repository_id integer, path text collate "C", role text, length bigint, hashes json,
       revision integer, primary key (repository_id, path))`,
    );
    let number = 0;
    const commit = () => client.query('insert into limit_commit values ($1)', [number++]);
    const commits = await eachTimeOf(COMMITS, commit);
    const rows = [...copiedRows()];
    const copies: number[] = [];
    for (let done = 0; done < COPIES; done += 1) {
      await client.query('truncate limit_copy');
      copies.push(...(await eachTimeOf(1, () => copy(client, rows))));
    }
    return { commit: commits, 'copy-100,000-rows': copies } as const;
  } finally {
    await client.query('drop table if exists limit_commit, limit_copy');
    client.release();
  }
}

function copy(client: pg.PoolClient, rows: readonly string[]): Promise<void> {
  const columns = '(repository_id, path, role, length, hashes, revision)';
  return pipeline(Readable.from(rows), client.query(copyFrom(`copy limit_copy ${columns} from stdin`)));
}

/** In COPY's text format, many lines at a time. */
function* copiedRows(): Generator<string> {
  for (let first = 0; first < COPIED_ROWS; first += ROWS_PER_CHUNK) {
    const artifacts = generatedArtifacts('copied', first, ROWS_PER_CHUNK);
    const lines = artifacts.map(
      ({ path, length, hashes }) => `1\t${path}\tbins-0000\t${length}\t${JSON.stringify(hashes)}\t1\n`,
    );
    yield lines.join('');
  }
}
