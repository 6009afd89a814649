import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ReadyRepository, readyRepository } from '../support/ceremony.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import type { LocalServer } from '../support/local-server.js';
import { Fleet } from './fleet.js';
import { Load, oneOf } from './load.js';
import { startLoadBalancer } from './load-balancer.js';
import { Poller } from './poller.js';
import { expectAllPublished, expectAudited, expectContiguousVersions, expectFound } from './verdict.js';

interface Cast {
  readonly processes: number;
  readonly publishers: number;
  readonly bins: number;
}

/** Several processes on one database, publishers who go on asking, and a client that goes on reading. */
export class Scene {
  private constructor(
    readonly folder: string,
    readonly database: TestDatabase,
    readonly fleet: Fleet,
    readonly repository: ReadyRepository,
    readonly poller: Poller,
    readonly load: Load,
    private readonly balancer: LocalServer,
    private readonly ends: readonly (() => Promise<unknown>)[],
  ) {}

  static async open({ processes, publishers, bins }: Cast): Promise<Scene> {
    const ends: (() => Promise<unknown>)[] = [];
    try {
      const folder = await mkdtemp(join(tmpdir(), 'trs-crash-'));
      ends.unshift(() => rm(folder, { recursive: true, force: true }));
      const database = await createTestDatabase();
      ends.unshift(() => database.drop());
      const fleet = await Fleet.of(processes, {
        TRS_DATA_DIR: folder,
        DATABASE_URL: database.url,
        NODE_COMPILE_CACHE: join(folder, 'compiled'),
      });
      ends.unshift(() => fleet.stop());
      const balancer = await startLoadBalancer(fleet);
      ends.unshift(() => balancer.close());
      const repository = await readyRepository(oneOf(fleet.up).api, { bins: { count: bins } });
      const poller = await Poller.of(metadataUrl(balancer, repository), repository.root, folder);
      ends.unshift(() => poller.abandon());
      const load = new Load(() => fleet.listening(1), repository.name, poller, publishers);
      ends.unshift(async () => load.abandon());
      return new Scene(folder, database, fleet, repository, poller, load, balancer, ends);
    } catch (error) {
      for (const end of ends) await end();
      throw error;
    }
  }

  /** Nothing acknowledged is lost or applied twice, versions have no gaps, and the log and a new client find all of it. */
  async expectWhole(processes: number): Promise<void> {
    const { api, url } = oneOf(await this.fleet.listening(processes));
    await expectAllPublished(api, this.repository.name, this.load);
    await expectContiguousVersions(this.database);
    const token = (await readFile(join(this.folder, 'admin-token'), 'utf8')).trim();
    await expectAudited(this.database, api, { url, token }, this.folder);
    await expectFound(metadataUrl(this.balancer, this.repository), this.repository.root, this.folder, this.load);
  }

  async close(): Promise<void> {
    for (const end of this.ends) await end();
  }
}

function metadataUrl({ url }: LocalServer, { name }: ReadyRepository): string {
  return `${url}/repositories/${name}/metadata/`;
}
