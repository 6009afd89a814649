import type { FastifyReply } from 'fastify';

/** How much longer than a caller waits its connection may be silent. */
const GRACE_MS = 30_000;
/** Made once: an abort without a reason makes an exception with a stack, and every answer ends with one. */
const GONE = new Error('the caller has gone');

/** Aborts when the caller has gone before it was answered; while it waits so long, its connection does not count as idle. */
export function goneSignal({ raw }: FastifyReply, waitMs: number): AbortSignal {
  const gone = new AbortController();
  raw.once('close', () => gone.abort(GONE));
  raw.setTimeout(waitMs + GRACE_MS);
  return gone.signal;
}
