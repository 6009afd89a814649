import { createServer } from 'node:http';
import { listenLocally } from './local-server.js';

export interface ForgingProxy {
  readonly url: string;
  /** Answers with these bytes in place of `timestamp.json`; null ends the forgery. */
  timestamp: Buffer | null;
  /** Answers with these bytes for other files, by name. */
  readonly files: Map<string, Buffer>;
  close(): Promise<void>;
}

/** Stands between a client and the metadata of a repository, as whoever controls the network does. */
export async function startForgingProxy(metadataUrl: string): Promise<ForgingProxy> {
  const server = createServer(async ({ url = '' }, response) => {
    if (proxy.timestamp && url === '/timestamp.json') return void response.end(proxy.timestamp);
    const forged = proxy.files.get(url.slice(1));
    if (forged) return void response.end(forged);
    const answer = await fetch(new URL(url.slice(1), metadataUrl));
    response.writeHead(answer.status).end(Buffer.from(await answer.arrayBuffer()));
  });
  const { url, close } = await listenLocally(server);
  const proxy: ForgingProxy = {
    url: `${url}/`,
    timestamp: null,
    files: new Map(),
    close,
  };
  return proxy;
}
