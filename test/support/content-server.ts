import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ContentServer {
  readonly url: string;
  /** Serves the bytes at `path`, under the names that clients of consistent snapshots ask for. */
  put(path: string, bytes: Buffer): void;
  /** Other bytes under the old names: what an attacker on the file server would do. */
  tamper(path: string, bytes: Buffer): void;
  close(): Promise<void>;
}

/** Stands for the place where people publish their files already. */
export async function startContentServer(): Promise<ContentServer> {
  const files = new Map<string, Buffer>();
  const names = new Map<string, string[]>();
  const server = createServer((request, response) => {
    const bytes = files.get(decodeURIComponent((request.url ?? '').slice(1)));
    response.writeHead(bytes ? 200 : 404).end(bytes);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    put: (path, bytes) => {
      names.set(path, namesOf(path, bytes));
      for (const name of names.get(path) ?? []) files.set(name, bytes);
    },
    tamper: (path, bytes) => {
      for (const name of names.get(path) ?? []) files.set(name, bytes);
    },
    close: async () => {
      server.close();
      await once(server, 'close');
    },
  };
}

// `dir/HASH.name` by the specification (6.2), `HASH.dir/name` for tough.
function namesOf(path: string, bytes: Buffer): string[] {
  const hash = createHash('sha256').update(bytes).digest('hex');
  const slash = path.lastIndexOf('/') + 1;
  return [`${path.slice(0, slash)}${hash}.${path.slice(slash)}`, `${hash}.${path}`];
}
