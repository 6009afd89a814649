import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
/** One stock client that trusts one repository, from the root it is given on. */
export class Consumer {
    constructor(client, directory, options) {
        this.client = client;
        this.directory = directory;
        this.options = options;
    }
    static async of(client, root, options) {
        const directory = await mkdtemp(join(options.folder, 'client-'));
        const rootFile = join(directory, 'root.json');
        await writeFile(rootFile, JSON.stringify(root));
        await client.init(join(directory, 'trusted'), rootFile);
        return new Consumer(client, directory, options);
    }
    refresh() {
        return this.client.refresh(join(this.directory, 'trusted'), this.options.metadataUrl);
    }
    async download(target) {
        const { metadataUrl, targetsUrl } = this.options;
        const out = join(this.directory, 'downloaded');
        await this.client.download(join(this.directory, 'trusted'), { metadataUrl, targetsUrl, target, out });
        return readFile(out, 'utf8');
    }
    /** Why the client did not download: `not-found`, or `refused` what it was given. */
    async refusal(target) {
        try {
            await this.download(target);
            return 'downloaded';
        }
        catch (error) {
            return error.kind;
        }
    }
}
