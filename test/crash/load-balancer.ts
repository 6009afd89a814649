import { createServer, type ServerResponse } from 'node:http';
import { type LocalServer, listenLocally } from '../support/local-server.js';
import type { Fleet } from './fleet.js';

/** How long one of them may take for an answer before another is asked. */
const PATIENCE_MS = 2_000;

/**
 * What stands before several processes where they are in earnest: a client stays with one of them as long as that
 * answers, and whole answers go through or none.
 */
export async function startLoadBalancer(fleet: Fleet): Promise<LocalServer> {
  let preferred = '';
  const server = createServer(async ({ url = '' }, response) => {
    for (let attempt = 0; attempt < 20; attempt += 1) {
      const urls = fleet.up.map((member) => member.url);
      if (!urls.includes(preferred)) preferred = urls[0] ?? '';
      try {
        const signal = AbortSignal.timeout(PATIENCE_MS);
        const headers = { 'accept-encoding': 'identity' };
        return await pass(await fetch(`${preferred}${url}`, { headers, signal }), response);
      } catch {
        preferred = urls.find((other) => other !== preferred) ?? ''; // it has just ended, or is held up
      }
    }
    response.writeHead(502).end();
  });
  return listenLocally(server);
}

async function pass(answer: Response, response: ServerResponse): Promise<void> {
  const body = Buffer.from(await answer.arrayBuffer());
  response.writeHead(answer.status).end(body);
}
