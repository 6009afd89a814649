import type pg from 'pg';

/** How many bytes each table takes, with its indexes and what it keeps out of line; by name. */
export async function tableSizes(pool: pg.Pool): Promise<Map<string, number>> {
  const { rows } = await pool.query<{ name: string; bytes: string }>(
    `select relname as name, pg_total_relation_size(oid) as bytes from pg_class
     where relkind = 'r' and relnamespace = 'public'::regnamespace order by relname`,
  );
  return new Map(rows.map(({ name, bytes }) => [name, Number(bytes)]));
}
