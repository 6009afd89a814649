import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestService } from './service.js';
import { type Ended, runTrs } from './trs.js';

/** Somebody with a folder of their own who works with the built `trs`; its input is no terminal. */
export class TrsDesk {
  private constructor(
    private readonly service: Pick<TestService, 'url' | 'token'>,
    readonly folder: string,
  ) {}

  static async at(service: Pick<TestService, 'url' | 'token'>): Promise<TrsDesk> {
    return new TrsDesk(service, await mkdtemp(join(tmpdir(), 'trs-desk-')));
  }

  leave(): Promise<void> {
    return rm(this.folder, { recursive: true });
  }

  trs(args: readonly string[], variables: Readonly<Record<string, string>> = {}): Promise<Ended> {
    return runTrs(args, this.folder, { TRS_SERVER: this.service.url, TRS_TOKEN: this.service.token, ...variables });
  }

  /** What it prints; it has to end with 0. */
  async fine(args: readonly string[], variables: Readonly<Record<string, string>> = {}): Promise<string> {
    const { code, out, err } = await this.trs(args, variables);
    if (code !== 0) throw new Error(`trs ${args.join(' ')} ended with ${code}:\n${out}${err}`);
    return out;
  }

  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the command prints
  async json(...args: string[]): Promise<any> {
    return JSON.parse(await this.fine([...args, '--json']));
  }

  /** New keys without passphrase; their ids. */
  async keys(...names: string[]): Promise<string[]> {
    const made = names.map((name) => this.json('key', 'generate', '--out', `${name}.pem`, '--no-passphrase'));
    return (await Promise.all(made)).map(({ keyid }) => keyid);
  }

  async write(file: string, text: string): Promise<void> {
    const path = join(this.folder, file);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }

  read(file: string): Promise<string> {
    return readFile(join(this.folder, file), 'utf8');
  }
}
