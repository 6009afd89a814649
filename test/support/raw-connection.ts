import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A connection on which a test decides what is sent, and when. */
export class RawConnection {
  private text = '';
  readonly closed: Promise<unknown>;

  private constructor(private readonly socket: Socket) {
    socket.on('data', (data) => {
      this.text += data;
    });
    socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => socket.once('close', resolve));
  }

  static async to(url: string): Promise<RawConnection> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    return new RawConnection(socket);
  }

  send(text: string): void {
    this.socket.write(text);
  }

  /** Takes nothing of what comes from now on. */
  stopReading(): void {
    this.socket.pause();
  }

  /** What was answered until the other side closed. */
  async untilClosed(): Promise<string> {
    await this.closed;
    return this.text;
  }

  /** What was answered, as soon as it matches. @throws Error when the connection ends before. */
  async until(pattern: RegExp): Promise<string> {
    while (!pattern.test(this.text)) {
      if (this.socket.closed) throw new Error(`the connection ended before an answer like ${pattern}`);
      await sleep(10);
    }
    return this.text;
  }

  close(): void {
    this.socket.destroy();
  }
}
