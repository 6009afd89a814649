import type { RunningService } from '../service/running-service.js';

/** A file as clients download it. */
export interface PublishedFile {
  /** The last part of its address. */
  readonly name: string;
  readonly bytes: Buffer;
}

export interface PublishedFiles {
  readonly timestamp: PublishedFile;
  readonly snapshot: PublishedFile;
  /** The first of the hash bins. */
  readonly bin: PublishedFile;
}

export function metadataUrl({ url }: RunningService, repository: string): string {
  return `${url}/repositories/${repository}/metadata`;
}

export async function publishedFiles(service: RunningService, repository: string): Promise<PublishedFiles> {
  const file = async (name: string): Promise<PublishedFile> => {
    const response = await fetch(`${metadataUrl(service, repository)}/${name}`);
    if (response.status !== 200) throw new Error(`${name} was answered by ${response.status}`);
    return { name, bytes: Buffer.from(await response.arrayBuffer()) };
  };
  const timestamp = await file('timestamp.json');
  const snapshot = await file(`${metaOf(timestamp)['snapshot.json']?.version}.snapshot.json`);
  const [first] = Object.entries(metaOf(snapshot)).filter(([name]) => name.startsWith('bins-'));
  if (!first) throw new Error('there are no bins');
  const [name, { version }] = first;
  return { timestamp, snapshot, bin: await file(`${version}.${name}`) };
}

/** What a timestamp or a snapshot names. */
export function metaOf({ bytes }: PublishedFile): Record<string, { readonly version: number }> {
  return JSON.parse(bytes.toString('utf8')).signed.meta;
}
