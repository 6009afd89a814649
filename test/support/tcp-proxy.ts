import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { Transform } from 'node:stream';

export interface TcpProxy {
  /** The address behind it, by way of it. */
  readonly url: string;
  /** Ends every connection and refuses new ones. */
  cut(): void;
  mend(): void;
  /** Holds up everything, in both directions, for so many milliseconds. */
  slow(milliseconds: number): void;
  /** Nothing comes through any more on the connections that there are, and they stay open; new ones work. */
  strand(): void;
  close(): Promise<void>;
}

/** A way to a database that breaks when a test wants it. */
export async function startTcpProxy(to: string): Promise<TcpProxy> {
  const target = new URL(to);
  const sockets = new Set<Socket>();
  let isCut = false;
  let delay = 0;
  const server = createServer((near) => {
    if (isCut) return void near.destroy();
    const far = connect(Number(target.port), target.hostname);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    const pass = (to: Socket) =>
      new Transform({
        transform: (chunk, _, done) => (delay === 0 ? done(null, chunk) : void setTimeout(done, delay, null, chunk)),
      }).on('error', () => to.destroy());
    near.pipe(pass(far)).pipe(far).pipe(pass(near)).pipe(near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(to);
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const cut = () => {
    isCut = true;
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: url.href,
    cut,
    mend: () => {
      isCut = false;
      delay = 0;
    },
    slow: (milliseconds) => {
      delay = milliseconds;
    },
    strand: () => {
      for (const socket of sockets) socket.unpipe().pause();
    },
    close: async () => {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
