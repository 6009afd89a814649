import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

export interface ServedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

export interface ServedAnswer {
  readonly status: number;
  readonly body: object | string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What goes wrong before a request reaches its handler. */
export type Fault = { kind: 'down' } | { kind: 'hangs' } | { kind: 'answers'; answer: ServedAnswer; times: number };

export interface FaultyServer {
  readonly url: string;
  readonly host: string;
  /** How many requests came, those with a fault among them. */
  readonly requests: () => number;
  fault: Fault | null;
  /** Milliseconds before each answer. */
  delay: number;
  close(): Promise<void>;
}

export type Handler = (request: ServedRequest) => Promise<ServedAnswer> | ServedAnswer;

/** An HTTP server on a free port of the loopback that works, and goes wrong when a test wants it. */
export async function startFaultyServer(handler: Handler, tls?: { key: string; cert: string }): Promise<FaultyServer> {
  let requests = 0;
  const listener: RequestListener = async (incoming, outgoing) => {
    requests += 1;
    const { fault } = faulty;
    if (fault?.kind === 'down') return void incoming.socket.destroy();
    if (fault?.kind === 'hangs') return;
    if (faulty.delay > 0) await pause(faulty.delay);
    const answer = (fault && faultyAnswer(fault)) ?? (await handler(await served(incoming)));
    const isJson = typeof answer.body === 'object' && !Buffer.isBuffer(answer.body);
    const type = isJson ? { 'content-type': 'application/json' } : {};
    outgoing.writeHead(answer.status, { ...type, ...answer.headers });
    outgoing.end(isJson ? JSON.stringify(answer.body) : answer.body);
  };
  const server = tls ? createTlsServer(tls, listener) : createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const host = `127.0.0.1:${port}`;
  const faulty: FaultyServer = {
    url: `${tls ? 'https' : 'http'}://${host}`,
    host,
    requests: () => requests,
    fault: null,
    delay: 0,
    close: () => close(server),
  };
  return faulty;
}

function faultyAnswer(fault: Extract<Fault, { kind: 'answers' }>): ServedAnswer | null {
  fault.times -= 1;
  return fault.times < 0 ? null : fault.answer;
}

async function served(incoming: IncomingMessage): Promise<ServedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const { method = '', url = '', headers } = incoming;
  return { method, path: url, headers, body: Buffer.concat(chunks) };
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
}
