import { gzipSync } from 'node:zlib';
import type { Bench } from '../bench.js';
import type { Measured } from '../figure.js';
import { type DownloadResult, repeatDownload } from '../load/downloads.js';
import { metadataUrl, type PublishedFile, type PublishedFiles, publishedFiles } from '../load/published-files.js';
import { startNginx } from '../service/nginx.js';
import { pathOf } from '../service/program.js';
import type { Scenario } from './scenario.js';

interface Kind {
  readonly name: string;
  readonly file: keyof PublishedFiles;
  readonly encoding?: 'gzip';
  /** Asks only for what differs from what the client has. */
  readonly isConditional?: true;
}

const KINDS: readonly Kind[] = [
  { name: 'timestamp', file: 'timestamp' },
  { name: 'timestamp-304', file: 'timestamp', isConditional: true },
  { name: 'bin', file: 'bin' },
  { name: 'bin-304', file: 'bin', isConditional: true },
  { name: 'snapshot', file: 'snapshot' },
  { name: 'snapshot-gzip', file: 'snapshot', encoding: 'gzip' },
];

export const serve: Scenario = {
  name: 'serve',
  measures:
    'downloads of timestamp, a bin, the snapshot and 304s; nginx with the same files beside it, where installed',
  async *run(bench) {
    const service = await bench.startService();
    const { name } = await bench.large(service);
    const files = await publishedFiles(service, name);
    for (const program of ['wrk', 'nginx'])
      if (!pathOf(program)) process.stderr.write(`  without ${program}: not installed\n`);
    const nginx = pathOf('nginx') ? await startNginx(bench, onDisk(files)) : null;
    for (const kind of KINDS) {
      const served = await measured(bench, kind, files[kind.file], metadataUrl(service, name));
      const byNginx = nginx && (await measured(bench, kind, files[kind.file], nginx.url));
      yield* figures(kind, served, byNginx);
    }
  },
};

function onDisk({ timestamp, bin, snapshot }: PublishedFiles): Map<string, Buffer> {
  const plain = [timestamp, bin, snapshot].map(({ name, bytes }) => [name, bytes] as const);
  return new Map([...plain, [`${snapshot.name}.gz`, gzipSync(snapshot.bytes)]]);
}

async function measured(bench: Bench, kind: Kind, file: PublishedFile, folder: string): Promise<DownloadResult> {
  const url = `${folder}/${file.name}`;
  const accepted = { 'accept-encoding': kind.encoding ?? 'identity' };
  const { headers } = await fetch(url, { headers: accepted });
  const known = kind.isConditional && { 'if-none-match': headers.get('etag') ?? '' };
  return repeatDownload(bench, { url, headers: { ...accepted, ...known } });
}

function* figures({ name }: Kind, served: DownloadResult, byNginx: DownloadResult | null): Generator<Measured> {
  const { requests, perSecond, milliseconds } = served;
  const floor = byNginx?.perSecond ?? null;
  yield { name: `serve-${name}`, value: perSecond, unit: 'requests/s', n: requests, floor };
  yield { name: `serve-${name}-answer`, value: milliseconds.p50, unit: 'ms', n: requests, percentiles: milliseconds };
  if (byNginx) {
    const share = (100 * perSecond) / byNginx.perSecond;
    yield { name: `serve-${name}-share-of-nginx`, value: share, unit: '%', n: byNginx.requests };
  }
}
