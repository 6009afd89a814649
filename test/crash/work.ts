import { randomUUID } from 'node:crypto';
import type { Root } from '../../src/tuf/metadata.js';
import { getJson } from '../support/api.js';
import { artifact } from '../support/artifacts.js';
import { nextRoot, onlineKey, type ReadyRepository, signatureBy } from '../support/ceremony.js';
import { ndjson, StreamedImport } from '../support/streamed-import.js';
import type { Member } from './fleet.js';
import type { Work } from './named-steps.js';

/** Each of these asks one process for something that makes a revision, and does not wait for it. */
export const WORKS: Readonly<Record<Work, (member: Member, repository: ReadyRepository) => Promise<unknown>>> = {
  artifacts: ({ api }, { name }) =>
    api.post(`/repositories/${name}/artifacts`, { artifacts: [artifact(`asked/${randomUUID()}`)] }),
  import: ({ url, api }, { name }) => {
    const lines = Array.from({ length: 20 }, () => artifact(`imported/${randomUUID()}`));
    return new StreamedImport({ url, token: api.token }, name).end(ndjson(lines));
  },
  renewal: ({ api }, { name }) => api.post(`/repositories/${name}/roles/renewals`, {}),
  root: rotateRoot,
};

/** The next root, with another online key every third time. */
async function rotateRoot({ url, api }: Member, { name, rootKey }: ReadyRepository): Promise<unknown> {
  const { body } = await api.get(`/repositories/${name}`);
  const { version } = body.roles.find(({ name: role }: { name: string }) => role === 'root');
  const { signed } = await getJson(`${url}/repositories/${name}/metadata/${version}.root.json`);
  const key = version % 3 === 0 ? await onlineKey(api) : undefined;
  const next = nextRoot(signed as Root, [rootKey], 1, key);
  return api.put(`/repositories/${name}/roles/root/metadata`, {
    signed: next,
    signatures: [signatureBy(rootKey, next)],
  });
}
