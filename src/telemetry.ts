import { channel } from 'node:diagnostics_channel';
import type { KeyUriScheme } from './key-vaults/key-uri.js';

/** What a part of the service tells whoever measures it; it costs next to nothing while nobody listens. */
export class Telling<Told extends object> {
  private readonly channel;

  constructor(name: string) {
    this.channel = channel(`trs:${name}`);
  }

  tell(told: Told): void {
    if (this.channel.hasSubscribers) this.channel.publish(told);
  }

  /** @returns what ends the listening. */
  listen(listener: (told: Told) => void): () => void {
    const subscriber = (told: unknown) => listener(told as Told);
    this.channel.subscribe(subscriber);
    return () => void this.channel.unsubscribe(subscriber);
  }
}

export type PublishStep = 'read' | 'plan' | 'sign' | 'check' | 'write' | 'commit';

export const publishSteps = new Telling<{ readonly step: PublishStep; readonly seconds: number }>('publish-step');

export const vaultSignatures = new Telling<{
  readonly vault: KeyUriScheme;
  readonly outcome: 'signed' | 'failed';
  readonly seconds: number;
}>('vault-signature');

export const webhookDeliveries = new Telling<{
  readonly outcome: 'delivered' | 'refused' | 'unreachable';
}>('webhook-delivery');

export const metadataLookups = new Telling<{ readonly result: 'hit' | 'miss' }>('metadata-lookup');

/** Requests that were answered before Fastify saw them. */
export const directAnswers = new Telling<{
  /** The template of the route, as Fastify would tell it. */
  readonly route: string;
  readonly method: string;
  readonly status: number;
  readonly seconds: number;
}>('direct-answer');

/** Tells how long a step of a publisher took. */
export async function timedStep<Result>(step: PublishStep, work: () => Promise<Result>): Promise<Result> {
  const started = performance.now();
  const result = await work();
  publishSteps.tell({ step, seconds: secondsSince(started) });
  return result;
}

export function secondsSince(started: number): number {
  return (performance.now() - started) / 1_000;
}
