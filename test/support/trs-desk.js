import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runTrs } from './trs.js';
/** Somebody with a folder of their own who works with the built `trs`; its input is no terminal. */
export class TrsDesk {
    constructor(service, folder) {
        this.service = service;
        this.folder = folder;
    }
    static async at(service) {
        return new TrsDesk(service, await mkdtemp(join(tmpdir(), 'trs-desk-')));
    }
    leave() {
        return rm(this.folder, { recursive: true });
    }
    trs(args, variables = {}) {
        return runTrs(args, this.folder, { TRS_SERVER: this.service.url, TRS_TOKEN: this.service.token, ...variables });
    }
    /** What it prints; it has to end with 0. */
    async fine(args, variables = {}) {
        const { code, out, err } = await this.trs(args, variables);
        if (code !== 0)
            throw new Error(`trs ${args.join(' ')} ended with ${code}:\n${out}${err}`);
        return out;
    }
    // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the command prints
    async json(...args) {
        return JSON.parse(await this.fine([...args, '--json']));
    }
    /** New keys without passphrase; their ids. */
    async keys(...names) {
        const made = names.map((name) => this.json('key', 'generate', '--out', `${name}.pem`, '--no-passphrase'));
        return (await Promise.all(made)).map(({ keyid }) => keyid);
    }
    async write(file, text) {
        const path = join(this.folder, file);
        await mkdir(dirname(path), { recursive: true });
        await writeFile(path, text);
    }
    read(file) {
        return readFile(join(this.folder, file), 'utf8');
    }
}
