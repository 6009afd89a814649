import { randomUUID } from 'node:crypto';
import type { Root, SignedMetadata } from '../../src/tuf/metadata.js';
import { type OfflineKey, offlineKey, onlineKey, signedRoot } from '../../test/support/ceremony.js';
import type { RunningService } from './running-service.js';

const WAIT_SECONDS = 300;

export interface Repository {
  readonly name: string;
  readonly root: SignedMetadata<Root>;
  /** The one root key. */
  readonly rootKey: OfflineKey;
  /** From the request to create it until it was ready for clients. */
  readonly bootstrapSeconds: number;
}

/** A repository with hash bins, each role but root signed by one ed25519 key in a file. */
export async function createRepository({ api }: RunningService, bins: number): Promise<Repository> {
  const name = `bench-${randomUUID().slice(0, 8)}`;
  const rootKey = offlineKey();
  const root = await signedRoot({ rootKeys: [rootKey], online: await onlineKey(api) });
  const started = performance.now();
  const wanted = { name, root, settings: { bins: { count: bins } } };
  const { status, body } = await api.post(`/repositories?wait=${WAIT_SECONDS}`, wanted);
  if (status !== 200) throw new Error(`the repository was not created: ${JSON.stringify(body)}`);
  return { name, root, rootKey, bootstrapSeconds: (performance.now() - started) / 1_000 };
}
