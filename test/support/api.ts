import { keepSecret } from './log-book.js';
import type { TestService } from './service.js';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the service answers
  readonly body: any;
}

/** A REST client with the administrator's token. */
export class Api {
  constructor(private readonly service: Pick<TestService, 'url' | 'token'>) {
    keepSecret(service.token);
  }

  get token(): string {
    return this.service.token;
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send('GET', path, undefined, headers);
  }

  post(path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send('POST', path, body, headers);
  }

  put(path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send('PUT', path, body, headers);
  }

  patch(path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send('PATCH', path, body, headers);
  }

  delete(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send('DELETE', path, undefined, headers);
  }

  private async send(method: string, path: string, body: unknown, headers: Record<string, string>): Promise<Answer> {
    const response = await fetch(`${this.service.url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.service.token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = /[/+]json\b/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  }
}

/** Fetches JSON from outside the API, metadata for example. */
// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the service answers
export async function getJson(url: string): Promise<any> {
  return (await fetch(url)).json();
}
