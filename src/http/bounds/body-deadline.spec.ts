import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import Fastify, { type FastifyInstance } from 'fastify';
import { limitBodyTime } from './body-deadline.js';

const PATIENCE_MS = 60_000;
let fastify: FastifyInstance;

beforeEach(async () => {
  fastify = Fastify({ bodyLimit: 10 });
  limitBodyTime(fastify, PATIENCE_MS);
  fastify.post('/', () => 'done');
  await fastify.listen();
});

afterEach(() => fastify.close());

test('nothing waits for a body any more once its connection has ended, although it was answered before', async () => {
  const before = timers();
  const { port } = fastify.server.address() as AddressInfo;
  const socket = connect(port);
  await once(socket, 'connect');
  socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n');
  socket.write('20\r\n');
  socket.write(`${'x'.repeat(0x20)}\r\n`);
  const [answer] = await once(socket, 'data');
  expect(String(answer)).toMatch(/^HTTP\/1\.1 413 /);
  socket.destroy();
  while (timers() > before) await sleep(10);
});

test('a body that has come leaves nothing behind on a connection that goes on', async () => {
  const { port } = fastify.server.address() as AddressInfo;
  const sockets: Socket[] = [];
  fastify.server.on('connection', (socket) => sockets.push(socket));
  const socket = connect(port);
  const listeners: number[] = [];
  for (let count = 0; count < 3; count += 1) {
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}');
    await once(socket, 'data');
    listeners.push(sockets[0]?.listenerCount('close') ?? 0);
  }
  socket.destroy();
  expect(new Set(listeners).size).toBe(1);
});

function timers(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
}
