import { setTimeout as delay } from 'node:timers/promises';
import type { Api } from '../../test/support/api.js';
import { nextRoot, onlineKey, signatureBy } from '../../test/support/ceremony.js';
import { metadataUrl, metaOf, type PublishedFiles, publishedFiles } from '../load/published-files.js';
import type { RunningService } from '../service/running-service.js';
import type { Scenario } from './scenario.js';

const POLL_MS = 100;
const WAIT_SECONDS = 300;
/** Of all bins, how many are looked at for the new signature. */
const SAMPLE = 64;

export const rotateOnlineKey: Scenario = {
  name: 'rotate-online-key',
  measures: 'a next root with another online key for the large repository → each bin served is signed by that key',
  async *run(bench) {
    const service = await bench.startService();
    const { name, root, rootKey } = await bench.large(service);
    const key = await onlineKey(service.api);
    const before = binVersions(await publishedFiles(service, name));
    const next = nextRoot(root.signed, [rootKey], 1, key);
    const started = performance.now();
    await publishRoot(service.api, name, { signed: next, signatures: [signatureBy(rootKey, next)] });
    const after = await untilAllAreNewer(service, name, before);
    const seconds = (performance.now() - started) / 1_000;
    await assertSignedBy(key.keyId, service, name, after);
    yield { name: 'rotate-online-key', value: seconds, unit: 's', n: after.size };
  },
};

async function publishRoot(api: Api, repository: string, root: object): Promise<void> {
  let answer = await api.put(`/repositories/${repository}/roles/root/metadata?wait=${WAIT_SECONDS}`, root);
  while (answer.body.state === 'waiting') {
    answer = await api.get(`/repositories/${repository}/tasks/${answer.body.id}?wait=${WAIT_SECONDS}`);
  }
  if (answer.body.state !== 'succeeded') throw new Error(`the root was not published: ${JSON.stringify(answer.body)}`);
}

function binVersions({ snapshot }: PublishedFiles): Map<string, number> {
  const bins = Object.entries(metaOf(snapshot)).filter(([name]) => name.startsWith('bins-'));
  return new Map(bins.map(([name, { version }]) => [name, version]));
}

async function untilAllAreNewer(
  service: RunningService,
  repository: string,
  before: ReadonlyMap<string, number>,
): Promise<Map<string, number>> {
  for (;;) {
    const now = binVersions(await publishedFiles(service, repository));
    if ([...before].every(([name, version]) => (now.get(name) ?? 0) > version)) return now;
    await delay(POLL_MS);
  }
}

async function assertSignedBy(
  keyId: string,
  service: RunningService,
  repository: string,
  bins: ReadonlyMap<string, number>,
): Promise<void> {
  const step = Math.max(1, Math.floor(bins.size / SAMPLE));
  for (const [name, version] of [...bins].filter((_, index) => index % step === 0)) {
    const response = await fetch(`${metadataUrl(service, repository)}/${version}.${name}`);
    const text = await response.text();
    if (!text.includes(keyId))
      throw new Error(`${version}.${name} is not signed by the new key: ${text.slice(0, 300)}`);
  }
}
