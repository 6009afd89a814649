import type { FastifyReply, FastifyRequest } from 'fastify';
import { hasBody } from './body-deadline.js';
import type { HttpSettings } from './http-settings.js';
import { TooManyRequests } from './too-many-requests.js';

/** The largest bodies of so many requests fit in at once, and so many streams, of which a part is in memory at a time. */
const LARGE_BODIES = 16;
const STREAMS = 16;
/** Work goes on when its caller has gone; what waits for the database gives up after so long. */
const LEFT_WORK_MS = 10_000;
const RETRY_AFTER_SECONDS = 1;

/** Bounds how many requests are in hand, and what their bodies take of the memory, so that load is refused and not stacked. */
export class RequestsInHand {
  private requests = 0;
  private bodyBytes = 0;
  private streams = 0;

  constructor(private readonly settings: Pick<HttpSettings, 'maximumRequests' | 'bodyLimitBytes'>) {}

  /** Counts a request until it is done with. @throws TooManyRequests where there is no room for it. */
  take(request: FastifyRequest, { raw }: FastifyReply): void {
    const bytes = bodyBytesOf(request);
    const streams = request.routeOptions.config.isStreamed === true ? 1 : 0;
    if (!this.hasRoomFor(bytes, streams)) {
      throw new TooManyRequests('service-busy', 'the service has its hands full', RETRY_AFTER_SECONDS);
    }
    if (raw.closed) return;
    this.count(1, bytes, streams);
    const release = () => this.count(-1, -bytes, -streams);
    raw.once('close', () => (raw.headersSent ? release() : setTimeout(release, LEFT_WORK_MS).unref()));
  }

  private hasRoomFor(bytes: number, streams: number): boolean {
    const { maximumRequests, bodyLimitBytes } = this.settings;
    return (
      this.requests < maximumRequests &&
      this.bodyBytes + bytes <= LARGE_BODIES * bodyLimitBytes &&
      this.streams + streams <= STREAMS
    );
  }

  private count(requests: number, bytes: number, streams: number): void {
    this.requests += requests;
    this.bodyBytes += bytes;
    this.streams += streams;
  }
}

/** What is not declared may be as much as the route takes; a stream is never in memory as a whole. */
function bodyBytesOf(request: FastifyRequest): number {
  const { config, bodyLimit = 0 } = request.routeOptions;
  if (config.isStreamed === true || !hasBody(request)) return 0;
  return Math.min(Number(request.headers['content-length'] ?? bodyLimit), bodyLimit);
}
