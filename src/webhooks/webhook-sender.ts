import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { NetworkGuard } from './network-guard.js';
import { webhookSignature } from './webhook-signature.js';

const TIMEOUT_MS = 10_000;
const LONGEST_REASON = 300;

/** A message as receivers get it, the same with every attempt. */
export interface WebhookMessage {
  readonly id: string;
  readonly type: string;
  readonly happenedAt: Date;
  readonly data: object;
}

/** Sends one message once. It follows no redirect, reads no body, and connects only where the guard lets it. */
export class WebhookSender {
  constructor(private readonly guard: NetworkGuard) {}

  /** @returns the status of the answer. @throws Error where there was none. */
  async send(address: string, secret: string, message: WebhookMessage, now: Date): Promise<number> {
    const url = new URL(address);
    this.guard.assertLiteral(url);
    const { id, type, happenedAt, data } = message;
    const body = JSON.stringify({ type, timestamp: happenedAt.toISOString(), data });
    const seconds = Math.floor(now.getTime() / 1_000);
    return this.post(url, body, {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
      'user-agent': 'tuf-repository-service',
      'webhook-id': id,
      'webhook-timestamp': String(seconds),
      'webhook-signature': webhookSignature(secret, id, seconds, body),
    });
  }

  private post(url: URL, body: string, headers: Readonly<Record<string, string>>): Promise<number> {
    const start = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const options = {
      method: 'POST',
      headers,
      agent: false,
      lookup: this.guard.lookupFor(url.protocol),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    } as const;
    return new Promise((resolve, reject) => {
      const request = start(url, options, (response: IncomingMessage) => {
        resolve(response.statusCode ?? 0);
        response.destroy();
      });
      request.on('error', reject);
      request.end(body);
    });
  }
}

/** Why nobody answered, for people. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (['AbortError', 'TimeoutError'].includes(error.name)) return `no answer within ${TIMEOUT_MS / 1_000} seconds`;
  const [first = error] = error instanceof AggregateError ? error.errors : []; // one for each address
  return String(first.message).slice(0, LONGEST_REASON);
}
