import { builtClient, type ClientBuild, clientBuilds } from './client-builds.js';
import { runProgram } from './run-program.js';

/** The versions that a client trusts after a refresh. */
export interface Versions {
  readonly root: number;
  readonly timestamp: number;
  readonly snapshot: number;
  readonly targets: number;
}

export interface DownloadRequest {
  /** Both URLs end with a slash. */
  readonly metadataUrl: string;
  readonly targetsUrl: string;
  readonly target: string;
  readonly out: string;
}

export interface Downloaded {
  readonly path: string;
  readonly length: number;
  readonly sha256: string;
}

/** An unmodified TUF client; everything that it remembers is in `dir`, so that its protection from rollback is its own. */
export interface StockClient {
  readonly name: ClientBuild['name'];
  readonly supportsSuccinctBins: boolean;
  init(dir: string, rootFile: string): Promise<void>;
  refresh(dir: string, metadataUrl: string): Promise<Versions>;
  download(dir: string, request: DownloadRequest): Promise<Downloaded>;
  /** Answers the questions in a file, a JSON array; null where the client refuses the delegation itself. */
  match(file: string): Promise<(boolean | null)[]>;
  /** The canonical form of the values in a file, a JSON array, in UTF-8 as hex; python-tuf alone is asked for it. */
  canonical(file: string): Promise<string[]>;
}

/** Whether a delegation covers a path: by a path pattern, or by a prefix of the path's hash. */
export type DelegationQuestion = { readonly path: string } & (
  | { readonly pattern: string }
  | { readonly prefix: string }
);

export interface AvailableClients {
  readonly clients: StockClient[];
  readonly missing: { name: string; reason: string }[];
}

type RefusalKind = 'not-found' | 'refused' | 'failed';

/** What a client said when it did not do as asked: no role lists the target, the metadata or file is bad, or anything else. */
export class ClientRefusal extends Error {
  override readonly name = 'ClientRefusal';
  readonly kind: RefusalKind;

  constructor(client: string, kind: RefusalKind, reason: string) {
    super(`${client}: ${reason}`);
    this.kind = kind;
  }
}

let available: Promise<AvailableClients> | undefined;

/** The clients whose toolchain is on this machine, built; the others with the reason why not. */
export function availableClients(): Promise<AvailableClients> {
  available ??= findClients();
  return available;
}

async function findClients(): Promise<AvailableClients> {
  const found = await Promise.all(clientBuilds.map(findClient));
  return {
    clients: found.filter((client) => 'init' in client),
    missing: found.filter((client) => 'reason' in client),
  };
}

async function findClient(build: ClientBuild): Promise<StockClient | { name: string; reason: string }> {
  let versions = '';
  for (const command of build.toolchain) {
    const answer = await runProgram(command).catch((error: Error) => ({
      exitCode: 1,
      stdout: '',
      stderr: error.message,
    }));
    if (answer.exitCode !== 0) return { name: build.name, reason: `${command[0]}: ${answer.stderr.trim()}` };
    versions += answer.stdout;
  }
  return stockClient(build, await builtClient(build, versions));
}

function stockClient(build: ClientBuild, command: readonly [string, ...string[]]): StockClient {
  const { name, supportsSuccinctBins } = build;

  // `--name=value`, because a target may begin with a dash.
  async function ask(subcommand: string, options: Record<string, string>): Promise<string> {
    const args = Object.entries(options).map(([option, value]) => `--${option}=${value}`);
    const answer = await runProgram([...command, subcommand, ...args], { env: { NO_PROXY: '*', no_proxy: '*' } });
    if (answer.exitCode !== 0) throw new ClientRefusal(name, kindOf(answer.exitCode), answer.stderr.trim());
    return answer.stdout;
  }

  return {
    name,
    supportsSuccinctBins,
    async init(dir, rootFile) {
      await ask('init', { dir, root: rootFile });
    },
    async refresh(dir, metadataUrl) {
      return JSON.parse(await ask('refresh', { dir, 'metadata-url': metadataUrl })) as Versions;
    },
    async download(dir, { metadataUrl, targetsUrl, target, out }) {
      const options = { dir, 'metadata-url': metadataUrl, 'targets-url': targetsUrl, target, out };
      return JSON.parse(await ask('download', options)) as Downloaded;
    },
    async match(file) {
      return JSON.parse(await ask('match', { file })) as (boolean | null)[];
    },
    async canonical(file) {
      return JSON.parse(await ask('canonical', { file })) as string[];
    },
  };
}

function kindOf(exitCode: number | null): RefusalKind {
  if (exitCode === 3) return 'not-found';
  if (exitCode === 4) return 'refused';
  return 'failed';
}
