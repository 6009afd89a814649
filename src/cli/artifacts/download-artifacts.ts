import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Updater } from 'tuf-js';
import type { CommandContext } from '../command-context.js';
import { CommandError, EXIT, type ExitCode, usageError } from '../command-error.js';
import { clientError } from './client-error.js';
import { checkedPath } from './remove-artifacts.js';
import { fetchFirstRoot, readRootFile, TrustFolder, trustFolderName } from './trust-folder.js';

export interface DownloadFlags {
  readonly targetsUrl: string;
  readonly metadataUrl?: string;
  readonly repository?: string;
  readonly root?: string;
  readonly out: string;
  readonly hashPrefix: boolean;
  readonly trustDir?: string;
}

export interface Download {
  readonly path: string;
  readonly file: string;
  readonly length: number;
}

export async function downloadArtifacts(
  context: CommandContext,
  flags: DownloadFlags,
  paths: readonly string[],
): Promise<ExitCode> {
  const wanted = paths.map(checkedPath);
  const targetsUrl = baseUrl(flags.targetsUrl, '--targets-url');
  const metadataUrl = await metadataUrlOf(context, flags);
  const folder = flags.trustDir ?? join(context.environment.trustFolder, trustFolderName(metadataUrl));
  const client = await trustedClient(context, { metadataUrl, folder, root: flags.root, hashPrefix: flags.hashPrefix });
  const downloads: Download[] = [];
  for (const path of wanted) downloads.push(await download(client, path, { targetsUrl, metadataUrl, out: flags.out }));
  context.output.show(downloads, () =>
    downloads
      .map(({ file, length }) => `Downloaded and verified ${file} (${length.toLocaleString('en-US')} bytes)`)
      .join('\n'),
  );
  return EXIT.fine;
}

/** A stock client whose metadata is refreshed, from the root that is given, kept, or else the first one served. */
async function trustedClient(
  { output }: CommandContext,
  {
    metadataUrl,
    folder,
    root,
    hashPrefix,
  }: { metadataUrl: string; folder: string; root: string | undefined; hashPrefix: boolean },
): Promise<Updater> {
  const given = root === undefined ? null : await readRootFile(root);
  const trust = await TrustFolder.open(folder);
  if (given !== null) await trust.startFrom(given);
  else if (trust.isEmpty) {
    await trust.startFrom(await fetchFirstRoot(metadataUrl));
    output.warn(
      `the first root came from ${metadataUrl} and nobody has verified it.\n  From now on it is what is trusted. Better: get the root from somebody you trust, and give it with --root FILE.`,
    );
  }
  try {
    const config = { prefixTargetsWithHash: hashPrefix, fetchRetries: 1 };
    const client = new Updater({ metadataDir: folder, metadataBaseUrl: metadataUrl, config });
    await client.refresh();
    await trust.assertNotRolledBack();
    return client;
  } catch (error) {
    await trust.restore();
    throw clientError(error, metadataUrl);
  }
}

async function download(
  client: Updater,
  path: string,
  { targetsUrl, metadataUrl, out }: { targetsUrl: string; metadataUrl: string; out: string },
): Promise<Download> {
  const target = await client.getTargetInfo(path).catch((error: unknown) => {
    throw clientError(error, metadataUrl);
  });
  if (!target) throw new CommandError(EXIT.notFound, `the repository lists no artifact ${path}`);
  const file = join(out, path);
  const draft = `${file}.part`;
  await mkdir(dirname(file), { recursive: true });
  try {
    await client.downloadTarget(target, draft, targetsUrl);
    await rename(draft, file);
  } catch (error) {
    throw clientError(error, targetsUrl, path);
  } finally {
    await rm(draft, { force: true });
  }
  return { path, file, length: target.length };
}

async function metadataUrlOf(context: CommandContext, { metadataUrl, repository }: DownloadFlags): Promise<string> {
  if (metadataUrl !== undefined) return baseUrl(metadataUrl, '--metadata-url');
  if (repository === undefined) throw usageError('--metadata-url URL or --repository NAME is missing');
  return (await context.connect()).address(`repositories/${repository}/metadata/`);
}

function baseUrl(text: string, flag: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:')
    throw usageError(`${flag} must look like https://example.com/files/`);
  return url.href.endsWith('/') ? url.href : `${url.href}/`;
}
