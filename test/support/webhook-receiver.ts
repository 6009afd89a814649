import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Answer } from './api.js';

export interface ReceivedMessage {
  readonly path: string;
  readonly id: string;
  readonly seconds: number;
  readonly signature: string;
  readonly text: string;
  readonly body: Answer['body'];
}

/** Somebody outside who is told; answers 200 unless a test says otherwise. */
export class WebhookReceiver {
  readonly messages: ReceivedMessage[] = [];
  /** The status of the next answers, in their order. */
  readonly answers: number[] = [];
  /** What it answers otherwise; null for nothing at all. */
  answerTo: (body: ReceivedMessage['body']) => number | null = () => 200;
  /** How many messages hang now. */
  unanswered = 0;

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(): Promise<WebhookReceiver> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const receiver = new WebhookReceiver(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`);
    server.on('request', (request, response) => void receiver.receive(request, response));
    return receiver;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  /** Waits for so many messages. */
  async received(count: number): Promise<readonly ReceivedMessage[]> {
    while (this.messages.length < count) await new Promise((resolve) => setTimeout(resolve, 25));
    return this.messages;
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString('utf8');
    const header = (name: string) => String(request.headers[name] ?? '');
    this.messages.push({
      path: request.url ?? '',
      id: header('webhook-id'),
      seconds: Number(header('webhook-timestamp')),
      signature: header('webhook-signature'),
      text,
      body: JSON.parse(text),
    });
    const status = this.answers.shift() ?? this.answerTo(JSON.parse(text));
    if (status === null) this.leaveUnanswered(response);
    else response.writeHead(status, status >= 300 && status < 400 ? { location: '/elsewhere' } : {}).end('thanks');
  }

  private leaveUnanswered(response: ServerResponse): void {
    this.unanswered += 1;
    response.on('close', () => {
      this.unanswered -= 1;
    });
  }
}

/** Whether a message was signed with this secret, as a receiver finds out (Standard Webhooks). */
export function isSignedWith(secret: string, { id, seconds, text, signature }: ReceivedMessage): boolean {
  const key = Buffer.from(secret.split('_')[1] ?? '', 'base64');
  const expected = createHmac('sha256', key).update(`${id}.${seconds}.`).update(text).digest('base64');
  return signature.split(' ').includes(`v1,${expected}`);
}
