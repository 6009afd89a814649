import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { json } from 'node:stream/consumers';
import type { TestService } from './service.js';

export interface ImportAnswer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the service answers
  readonly body: any;
}

export interface ImportOptions {
  readonly type?: string;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An import whose body is sent bit by bit, and that may break off. */
export class StreamedImport {
  readonly answer: Promise<ImportAnswer>;
  private readonly request: ClientRequest;

  constructor(service: Pick<TestService, 'url' | 'token'>, repository: string, options: ImportOptions = {}) {
    const { type = 'application/x-ndjson', query = '', headers = {} } = options;
    const url = `${service.url}/api/v1/repositories/${repository}/artifacts/import${query}`;
    this.request = request(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${service.token}`, 'content-type': type, ...headers },
    });
    this.request.flushHeaders();
    this.answer = once(this.request, 'response').then(async ([response]: IncomingMessage[]) => ({
      status: response?.statusCode ?? 0,
      body: response && (await json(response)),
    }));
    this.answer.catch(() => undefined); // whoever breaks it off does not ask
  }

  async send(part: string | Buffer): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.request.write(part, (error) => (error ? reject(error) : resolve()));
    });
  }

  async end(part: string | Buffer = ''): Promise<ImportAnswer> {
    this.request.end(part);
    return this.answer;
  }

  breakOff(): void {
    this.request.destroy();
  }
}

/** A whole import in one request. */
export function importAll(
  service: Pick<TestService, 'url' | 'token'>,
  repository: string,
  body: string | Buffer,
  options: ImportOptions = {},
): Promise<ImportAnswer> {
  return new StreamedImport(service, repository, options).end(body);
}

export function ndjson(values: readonly unknown[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('');
}
