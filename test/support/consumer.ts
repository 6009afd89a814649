import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClientRefusal, StockClient, Versions } from '../clients/stock-client.js';

export interface ConsumerOptions {
  /** Where its folders go. */
  readonly folder: string;
  readonly metadataUrl: string;
  readonly targetsUrl: string;
}

/** One stock client that trusts one repository, from the root it is given on. */
export class Consumer {
  private constructor(
    private readonly client: StockClient,
    private readonly directory: string,
    private readonly options: ConsumerOptions,
  ) {}

  static async of(client: StockClient, root: object, options: ConsumerOptions): Promise<Consumer> {
    const directory = await mkdtemp(join(options.folder, 'client-'));
    const rootFile = join(directory, 'root.json');
    await writeFile(rootFile, JSON.stringify(root));
    await client.init(join(directory, 'trusted'), rootFile);
    return new Consumer(client, directory, options);
  }

  refresh(): Promise<Versions> {
    return this.client.refresh(join(this.directory, 'trusted'), this.options.metadataUrl);
  }

  async download(target: string): Promise<string> {
    const { metadataUrl, targetsUrl } = this.options;
    const out = join(this.directory, 'downloaded');
    await this.client.download(join(this.directory, 'trusted'), { metadataUrl, targetsUrl, target, out });
    return readFile(out, 'utf8');
  }

  /** Why the client did not download: `not-found`, or `refused` what it was given. */
  async refusal(target: string): Promise<string> {
    try {
      await this.download(target);
      return 'downloaded';
    } catch (error) {
      return (error as ClientRefusal).kind;
    }
  }
}
