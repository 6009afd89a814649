import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Api } from '../support/api.js';
import { artifact } from '../support/artifacts.js';
import { offlineKey, signedRoot } from '../support/ceremony.js';
import { runTool } from '../support/run-tool.js';
import { runTrs } from '../support/trs.js';
const CLIENT = join(import.meta.dirname, '../clients/tuf-js/client.mjs');
/** A repository whose online roles are signed by the key at `uri`. */
export async function repositoryWith(service, uri) {
    const api = new Api(service);
    const registered = await api.post('/keys', { name: 'in a vault', owner: 'release team', uri });
    const online = registered.status === 409 ? await keyAt(api, uri) : registered.body;
    if (!online?.keyId)
        throw new Error(JSON.stringify(registered.body));
    const root = await signedRoot({ rootKeys: [offlineKey()], online });
    const name = `r-${randomUUID().slice(0, 8)}`;
    const { status, body } = await api.post('/repositories?wait=60', { name, settings: { bins: { count: 2 } }, root });
    if (status !== 200)
        throw new Error(`the repository was not created: ${JSON.stringify(body)}`);
    return {
        api,
        name,
        online,
        add: (path, wait = 30) => api.post(`/repositories/${name}/artifacts?wait=${wait}`, { artifacts: [artifact(path)] }),
        task: (id, wait) => api.get(`/repositories/${name}/tasks/${id}?wait=${wait}`),
        timestampVersion: async () => {
            const response = await fetch(`${service.url}/repositories/${name}/metadata/timestamp.json`);
            return (await response.json()).signed.version;
        },
        /** What stock tuf-js, as a process of its own, trusts after a refresh. */
        clientRefreshes: () => clientRefreshes(`${service.url}/repositories/${name}/metadata/`, root),
    };
}
/** Has `trs` sign two roots with the key at `uri`, and a client follow them. @returns what the client trusts then. */
export async function rootsSignedByTrs(service, uri, vault) {
    const folder = await mkdtemp(join(tmpdir(), 'trs-vault-signer-'));
    const name = `r-${randomUUID().slice(0, 8)}`;
    const variables = { TRS_SERVER: service.url, TRS_TOKEN: service.token, ...vault };
    const trs = async (...args) => {
        const { code, out, err } = await runTrs([...args, '--repository', name, '--yes'], folder, variables);
        if (code !== 0)
            throw new Error(`trs ${args.join(' ')} ended with ${code}:\n${out}${err}`);
    };
    await trs('ceremony', '--root-key', uri, '--bins', '2', '--root-out', 'root.json');
    await trs('root', 'edit', '--expiry-days', '400');
    await trs('sign', '--key', uri);
    const root = JSON.parse(await readFile(join(folder, 'root.json'), 'utf8'));
    await rm(folder, { recursive: true });
    return clientRefreshes(`${service.url}/repositories/${name}/metadata/`, root);
}
async function keyAt(api, uri) {
    const { body } = await api.get('/keys');
    return body.items.find((key) => key.uri === uri);
}
async function clientRefreshes(metadataUrl, root) {
    const folder = await mkdtemp(join(tmpdir(), 'trs-vault-client-'));
    const [dir, rootFile] = [join(folder, 'trusted'), join(folder, 'root.json')];
    await writeFile(rootFile, JSON.stringify(root));
    await runTool(process.execPath, [CLIENT, 'init', `--dir=${dir}`, `--root=${rootFile}`]);
    const versions = await runTool(process.execPath, [
        CLIENT,
        'refresh',
        `--dir=${dir}`,
        `--metadata-url=${metadataUrl}`,
    ]);
    await rm(folder, { recursive: true });
    return JSON.parse(versions.toString());
}
