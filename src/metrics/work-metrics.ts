import { Counter, Histogram, type Registry } from 'prom-client';
import { metadataLookups, publishSteps, vaultSignatures, webhookDeliveries } from '../telemetry.js';
import { RequestMetrics } from './request-metrics.js';

/** What this process does, counted as it is done. */
export class WorkMetrics {
  readonly requests: RequestMetrics;
  private readonly listening: readonly (() => void)[];

  constructor(registry: Registry) {
    this.requests = new RequestMetrics(registry);
    const listenings = [listenToSteps, listenToVaults, listenToLookups, listenToWebhooks];
    this.listening = [...listenings.map((listen) => listen(registry)), this.requests.watchDirect()];
  }

  stop(): void {
    for (const end of this.listening) end();
  }
}

function listenToSteps(registry: Registry): () => void {
  const seconds = new Histogram({
    name: 'trs_publish_step_duration_seconds',
    help: 'Seconds that each step of publishing a revision took.',
    labelNames: ['step'],
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30],
    registers: [registry],
  });
  return publishSteps.listen(({ step, seconds: taken }) => seconds.observe({ step }, taken));
}

function listenToVaults(registry: Registry): () => void {
  const count = new Counter({
    name: 'trs_key_vault_signatures_total',
    help: 'Signatures that key vaults were asked for.',
    labelNames: ['vault', 'outcome'],
    registers: [registry],
  });
  const seconds = new Histogram({
    name: 'trs_key_vault_signature_duration_seconds',
    help: 'Seconds until a key vault had signed, or failed.',
    labelNames: ['vault'],
    buckets: [0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10],
    registers: [registry],
  });
  return vaultSignatures.listen(({ vault, outcome, seconds: taken }) => {
    count.inc({ vault, outcome });
    seconds.observe({ vault }, taken);
  });
}

function listenToLookups(registry: Registry): () => void {
  const count = new Counter({
    name: 'trs_metadata_cache_lookups_total',
    help: 'Metadata files that clients asked for, by whether they were in the cache.',
    labelNames: ['result'],
    registers: [registry],
  });
  return metadataLookups.listen((lookup) => count.inc({ ...lookup }));
}

function listenToWebhooks(registry: Registry): () => void {
  const count = new Counter({
    name: 'trs_webhook_attempts_total',
    help: 'Attempts to tell webhooks, by what came of them.',
    labelNames: ['outcome'],
    registers: [registry],
  });
  return webhookDeliveries.listen((attempt) => count.inc({ ...attempt }));
}
