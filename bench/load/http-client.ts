import { Agent, type IncomingHttpHeaders, type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type { RunningService } from '../service/running-service.js';

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** One connection, kept alive, with the administrator's token: it costs the machine less than `fetch` does. */
export class HttpClient {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1 });

  constructor(private readonly service: Pick<RunningService, 'url' | 'token'>) {}

  get(path: string): Promise<Reply> {
    return this.send('GET', path, {}, []);
  }

  post(path: string, body: object): Promise<Reply> {
    const json = JSON.stringify(body);
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(json) };
    return this.send('POST', path, headers, [json]);
  }

  /** Sends the pieces of a body as fast as they are taken. */
  postStream(path: string, contentType: string, pieces: Iterable<string>): Promise<Reply> {
    return this.send('POST', path, { 'content-type': contentType }, pieces);
  }

  close(): void {
    this.agent.destroy();
  }

  private async send(
    method: string,
    path: string,
    headers: OutgoingHttpHeaders,
    pieces: Iterable<string>,
  ): Promise<Reply> {
    const authorization = `Bearer ${this.service.token}`;
    const sent = request(this.service.url + path, {
      method,
      agent: this.agent,
      headers: { authorization, ...headers },
    });
    const answered = new Promise<IncomingMessage>((resolve, reject) =>
      sent.on('response', resolve).on('error', reject),
    );
    const [response] = await Promise.all([answered, pipeline(Readable.from(pieces), sent)]);
    return { status: response.statusCode ?? 0, headers: response.headers, body: await text(response) };
  }
}
