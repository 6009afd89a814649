import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Bench } from '../bench.js';
import { pathOf } from './program.js';

const PATIENCE_MS = 5_000;
const PAUSE_MS = 20;

/** Files on disk, and nginx before them as Debian configures it, but without a log of requests. */
export interface Nginx {
  readonly url: string;
}

/** @param files by name; a name that ends in `.gz` is what is sent in place of the file without it. */
export async function startNginx(bench: Bench, files: ReadonlyMap<string, Buffer>): Promise<Nginx> {
  const folder = join(bench.folder, 'nginx');
  await mkdir(join(folder, 'files'), { recursive: true });
  for (const [name, bytes] of files) await writeFile(join(folder, 'files', name), bytes);
  const port = await freePort();
  await writeFile(join(folder, 'nginx.conf'), configuration(port));
  const args = ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log')];
  const server = bench.program(pathOf('nginx') ?? 'nginx', args);
  const url = `http://127.0.0.1:${port}`;
  for (const deadline = Date.now() + PATIENCE_MS; ; await delay(PAUSE_MS)) {
    if (await answers(url)) return { url };
    if (server.hasEnded) await server.output();
    if (Date.now() > deadline) throw new Error('nginx does not answer');
  }
}

function configuration(port: number): string {
  return `daemon off;
${process.getuid?.() === 0 ? 'user root;' : ''}
worker_processes auto;
pid nginx.pid;
events { worker_connections 768; }
http {
  sendfile on;
  tcp_nopush on;
  types { application/json json; }
  access_log off;
  keepalive_requests 1000000000;
  client_body_temp_path client_body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  server {
    listen 127.0.0.1:${port};
    root files;
    gzip_static on;
  }
}
`;
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false,
  );
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
