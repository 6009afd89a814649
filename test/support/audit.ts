import { type Answer, Api } from './api.js';
import type { TestService } from './service.js';

/** The entries of a repository, or of everything, newest first, once all of them have their places in the chains. */
export async function auditEntries(api: Api, repository?: string, query = ''): Promise<Answer['body'][]> {
  await chained(api, repository);
  const path = repository === undefined ? '/audit' : `/repositories/${repository}/audit`;
  const { status, body } = await api.get(`${path}?limit=1000${query}`);
  if (status !== 200) throw new Error(JSON.stringify(body));
  return body.items;
}

/** Waits until every entry has its place. */
export async function chained(api: Api, repository?: string): Promise<Answer['body']> {
  for (;;) {
    const chain = await chainOf(api, repository);
    if (chain.entries === chain.length) return chain;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function chainOf(api: Api, repository?: string): Promise<Answer['body']> {
  if (repository !== undefined) return (await api.get(`/repositories/${repository}/audit/chain`)).body;
  const { body } = await api.get('/audit/chains?limit=1000');
  const sum = (field: string) => body.items.reduce((total: number, chain: never) => total + chain[field], 0);
  return { entries: sum('entries'), length: sum('length') };
}

/** The public checkpoint, once it covers so many entries of the repository and of the service. */
export async function checkpointOver(
  { url }: Pick<TestService, 'url'>,
  repository: string,
  length: number,
): Promise<Answer['body']> {
  for (;;) {
    const response = await fetch(`${url}/repositories/${repository}/audit/checkpoint.json`);
    const checkpoint = (await response.json()) as Answer['body'];
    if (response.ok && checkpoint.signed.chains.repository.length >= length) return checkpoint;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** As somebody who owns the tables: the triggers do not hold against that. */
export async function tamper({ database }: Pick<TestService, 'database'>, ...statements: string[]): Promise<void> {
  const switched = (to: string) =>
    ['audit_entry', 'audit_link'].map((table) => `alter table ${table} ${to} trigger all`).join(';');
  await database.query([switched('disable'), ...statements, switched('enable')].join(';'));
}
