import type { HttpClient } from './http-client.js';

/** The snapshot that the timestamp names which the service serves now. */
export async function snapshotVersion(client: HttpClient, repository: string): Promise<number> {
  const { status, body } = await client.get(`/repositories/${repository}/metadata/timestamp.json`);
  if (status !== 200) throw new Error(`the timestamp was answered by ${status}`);
  return JSON.parse(body).signed.meta['snapshot.json'].version;
}
