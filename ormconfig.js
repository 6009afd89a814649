import { DataSource } from 'typeorm';
import { dataSourceOptions } from './src/database/data-source.js';
/** For TypeORM's command line, e.g. to draft a migration; the service itself opens src/database/data-source.ts. */
export default new DataSource(dataSourceOptions(process.env.DATABASE_URL ?? 'postgres://127.0.0.1:5432/trs', 3));
