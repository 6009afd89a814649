import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from './answers.js';
import { CommandError, EXIT } from './command-error.js';
import type { Connection } from './connection.js';
import { parseProblem, problemError } from './problem-text.js';

const MAXIMUM_TRIES = 6;
const MAXIMUM_PAUSE_SECONDS = 30;
const PAGE_LIMIT = '1000';

/** The REST API of one service. */
export class Service {
  constructor(private readonly connection: Connection) {}

  async get<T>(path: string, query: Readonly<Record<string, string>> = {}): Promise<T> {
    return this.readJson(await this.send(path, query, {}));
  }

  async post<T>(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<T> {
    return this.readJson(await this.send(path, {}, jsonRequest('POST', body, headers)));
  }

  /** Of an answer without a body. */
  async postForNothing(path: string): Promise<void> {
    await this.send(path, {}, { method: 'POST' });
  }

  async put<T>(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<T> {
    return this.readJson(await this.send(path, {}, jsonRequest('PUT', body, headers)));
  }

  /** What is there with its tag, for an edit that shall not overlook another. */
  async getTagged<T>(path: string): Promise<{ readonly value: T; readonly tag: string }> {
    const response = await this.send(path, {}, {});
    return { value: await this.readJson<T>(response), tag: response.headers.get('etag') ?? '*' };
  }

  async patch<T>(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<T> {
    return this.readJson(await this.send(path, {}, jsonRequest('PATCH', body, headers)));
  }

  async delete<T>(
    path: string,
    query: Readonly<Record<string, string>> = {},
    headers: Readonly<Record<string, string>> = {},
  ): Promise<T> {
    return this.readJson(await this.send(path, query, { method: 'DELETE', headers }));
  }

  async bytes(path: string): Promise<Buffer> {
    return Buffer.from(await (await this.send(path, {}, {})).arrayBuffer());
  }

  /** Every item of a collection, page by page. */
  async *items<T>(path: string, query: Readonly<Record<string, string>> = {}): AsyncGenerator<T> {
    let cursor: string | null = null;
    do {
      const page: Page<T> = await this.get(path, { limit: PAGE_LIMIT, ...query, ...(cursor !== null && { cursor }) });
      yield* page.items;
      cursor = page.next ?? null;
    } while (cursor !== null);
  }

  async all<T>(path: string, query: Readonly<Record<string, string>> = {}): Promise<T[]> {
    const found: T[] = [];
    for await (const item of this.items<T>(path, query)) found.push(item);
    return found;
  }

  /** The text of a long answer as it arrives. */
  async *chunks(path: string, signal: AbortSignal): AsyncGenerator<string> {
    const { body } = await this.send(
      path,
      {},
      { headers: { accept: 'text/event-stream, application/x-ndjson' }, signal },
    );
    if (body) yield* body.pipeThrough(new TextDecoderStream());
  }

  /** A long answer as it arrives. */
  async *pieces(path: string, query: Readonly<Record<string, string>> = {}): AsyncGenerator<Uint8Array> {
    const { body } = await this.send(path, query, {});
    try {
      if (body) yield* body;
    } catch (error) {
      throw unreachable(this.connection.server, error);
    }
  }

  /** Sends a body as it is read, once: what was sent of it cannot be read again. */
  async stream<T>(
    path: string,
    body: ReadableStream<Uint8Array>,
    headers: Readonly<Record<string, string>>,
  ): Promise<T> {
    const request: RequestInit = { method: 'POST', body, headers: { ...headers }, duplex: 'half' };
    const response = await this.fetch(new URL(this.address(path)), request);
    if (!response.ok) {
      throw problemError(parseProblem(response.status, response.statusText, await response.text()));
    }
    return this.readJson(response);
  }

  address(path: string): string {
    return new URL(path.replace(/^\//, ''), this.connection.server).href;
  }

  private async send(path: string, query: Readonly<Record<string, string>>, request: RequestInit): Promise<Response> {
    const url = new URL(this.address(path));
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    for (let attempt = 1; ; attempt += 1) {
      const response = await this.fetch(url, request);
      if (response.ok) return response;
      const pause = attempt < MAXIMUM_TRIES ? pauseAskedFor(response) : null;
      if (pause === null) throw problemError(parseProblem(response.status, response.statusText, await response.text()));
      await response.body?.cancel();
      await sleep(pause * 1_000);
    }
  }

  private async fetch(url: URL, request: RequestInit): Promise<Response> {
    const { token } = this.connection;
    const headers = new Headers(request.headers);
    if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
    try {
      return await fetch(url, { ...request, headers });
    } catch (error) {
      throw unreachable(this.connection.server, error);
    }
  }

  private async readJson<T>(response: Response): Promise<T> {
    try {
      return (await response.json()) as T;
    } catch (cause) {
      const message = `what answers at ${this.connection.server.href} is not a TUF Repository Service`;
      throw new CommandError(EXIT.failed, message, [], { cause });
    }
  }
}

function jsonRequest(method: string, body: unknown, headers: Readonly<Record<string, string>> = {}): RequestInit {
  return { method, body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } };
}

/** Seconds, where the service says that nothing was done and trying again helps. */
function pauseAskedFor({ status, headers }: Response): number | null {
  const after = headers.get('retry-after');
  if ((status !== 429 && status !== 503) || after === null || !/^\d+$/.test(after)) return null;
  return Math.min(Number(after), MAXIMUM_PAUSE_SECONDS);
}

function unreachable(server: URL, error: unknown): CommandError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : null;
  const reason = cause ? ((cause as NodeJS.ErrnoException).code ?? cause.message) : String(error);
  return new CommandError(
    EXIT.unreachable,
    `cannot reach the service at ${server.href} (${reason})`,
    ['Is it running? Its address can be given with --server URL or TRS_SERVER.'],
    { cause: error },
  );
}
