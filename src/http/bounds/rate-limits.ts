import type { FastifyInstance, FastifyRequest } from 'fastify';
import { principalOf } from '../principal.js';
import type { HttpSettings } from './http-settings.js';
import { TooManyRequests } from './too-many-requests.js';

const WINDOW_SECONDS = 10;
/** Requests of an address that prove nothing, in ten seconds; each may cost a look into the database, or at a signature. */
const MAXIMUM_GUESSES = 100;
/** How many addresses and principals are counted at once; of more, those that were not seen for the longest are forgotten. */
const MAXIMUM_COUNTED = 20_000;

type Limiter = ReturnType<FastifyInstance['createRateLimit']>;

/** Counts requests by whom they come from, in this process. */
export class RateLimits {
  private readonly ofAddress: Limiter | null;
  private readonly ofPrincipal: Limiter | null;
  private readonly ofGuesses: Limiter | null;

  /** @param fastify with the plug-in @fastify/rate-limit, that applies nothing by itself. */
  constructor(fastify: FastifyInstance, { perAddress, perPrincipal }: HttpSettings['rateLimits']) {
    const window = { timeWindow: WINDOW_SECONDS * 1_000, cache: MAXIMUM_COUNTED };
    const limiter = (perSecond: number, more: object = {}) =>
      perSecond === 0 ? null : fastify.createRateLimit({ ...window, max: perSecond * WINDOW_SECONDS, ...more });
    this.ofAddress = limiter(perAddress);
    this.ofPrincipal = limiter(perPrincipal, { keyGenerator: (request: FastifyRequest) => principalOf(request).id });
    this.ofGuesses = perAddress === 0 ? null : fastify.createRateLimit({ ...window, max: MAXIMUM_GUESSES });
  }

  /** @throws TooManyRequests */
  async countAddress(request: FastifyRequest): Promise<void> {
    if (this.ofAddress) refuseExcess(await this.ofAddress(request), 'this address');
  }

  /** @throws TooManyRequests */
  async countPrincipal(request: FastifyRequest): Promise<void> {
    if (this.ofPrincipal) refuseExcess(await this.ofPrincipal(request), 'this token');
  }

  async countGuess(request: FastifyRequest): Promise<void> {
    await this.ofGuesses?.(request);
  }

  /** @throws TooManyRequests before anybody looks at one more token that may not be good. */
  async assertFewGuesses(request: FastifyRequest): Promise<void> {
    const count = await this.ofGuesses?.(request, { increment: false });
    if (count && !count.isAllowed && count.remaining === 0) throw tooMany('tokens of this address', count.ttlInSeconds);
  }
}

function refuseExcess(count: Awaited<ReturnType<Limiter>>, whose: string): void {
  if (!count.isAllowed && count.isExceeded) throw tooMany(`requests of ${whose}`, count.ttlInSeconds);
}

function tooMany(what: string, seconds: number): TooManyRequests {
  return new TooManyRequests('too-many-requests', `too many ${what}`, Math.max(1, seconds));
}
