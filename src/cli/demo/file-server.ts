import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join, normalize, sep } from 'node:path';

/** Stands in for the place where you already publish files: serves one folder on loopback. */
export interface FileServer {
  readonly url: string;
  stop(): Promise<void>;
}

export async function serveFolder(folder: string): Promise<FileServer> {
  const server = createServer(async (request, response) => {
    const bytes = await readFile(fileFor(folder, request.url ?? '/')).catch(() => null);
    response.writeHead(bytes ? 200 : 404).end(bytes ?? 'not found');
  });
  const port = await listening(server);
  return {
    url: `http://127.0.0.1:${port}/`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Normalising an absolute path leaves no ".." to climb out with. */
function fileFor(folder: string, url: string): string {
  const path = decodeURIComponent(new URL(url, 'http://localhost').pathname);
  return join(folder, normalize(`${sep}${path}`));
}

function listening(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });
}
