import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TufError } from '../../tuf/errors.js';
import { parseRoot } from '../../tuf/parse-root.js';
import { missingRootSignatures } from '../../tuf/root-trust.js';
import { CommandError, EXIT, usageError } from '../command-error.js';
import { readTextFile } from '../json-file.js';
import { counted } from '../moment.js';

const MAXIMUM_ROOT_BYTES = 512_000;

/** Where a client keeps what it trusts of one repository, which protects it from being rolled back. */
export class TrustFolder {
  private constructor(
    readonly path: string,
    /** The root in force before this run, to fall back to and never to go below. */
    private readonly kept: string | null,
  ) {}

  static async open(path: string): Promise<TrustFolder> {
    await mkdir(path, { recursive: true, mode: 0o700 });
    const kept = await readFile(join(path, 'root.json'), 'utf8').catch(() => null);
    return new TrustFolder(path, kept);
  }

  get isEmpty(): boolean {
    return this.kept === null;
  }

  async startFrom(root: string): Promise<void> {
    await writeFile(this.rootFile, root);
  }

  /** Puts back what was there, after a run that came to nothing. */
  async restore(): Promise<void> {
    if (this.kept === null) await rm(this.rootFile, { force: true });
    else await writeFile(this.rootFile, this.kept);
  }

  /** Starting anew from a given root must not lead to an older root than was seen before. */
  async assertNotRolledBack(): Promise<void> {
    const before = this.kept === null ? 0 : versionOf(this.kept);
    const now = versionOf(await readFile(this.rootFile, 'utf8'));
    if (now >= before) return;
    throw new CommandError(
      EXIT.notVerified,
      `root version ${now} is served, but version ${before} was seen before: a rollback`,
      [`If the repository was really made anew, remove ${this.path}`],
    );
  }

  private get rootFile(): string {
    return join(this.path, 'root.json');
  }
}

export function trustFolderName(metadataUrl: string): string {
  return createHash('sha256').update(metadataUrl).digest('hex').slice(0, 32);
}

export async function readRootFile(file: string): Promise<string> {
  const text = assertRoot(await readTextFile(file), () => usageError(`${file} is not a TUF root`));
  const missing = missingRootSignatures(parseRoot(JSON.parse(text)));
  if (missing > 0) throw usageError(`${file} lacks ${counted(missing, 'signature')}; clients need it with all of them`);
  return text;
}

/** Trust on first use: whoever answers now decides what is trusted from now on. */
export async function fetchFirstRoot(metadataUrl: string): Promise<string> {
  const url = new URL('1.root.json', metadataUrl);
  const response = await fetch(url, { signal: AbortSignal.timeout(30_000) }).catch((cause: unknown) => {
    throw new CommandError(EXIT.unreachable, `cannot reach ${url.href}`, [], { cause });
  });
  if (!response.ok) {
    throw new CommandError(
      response.status === 404 ? EXIT.notFound : EXIT.failed,
      `there is no repository at ${metadataUrl} (${response.status})`,
    );
  }
  const bytes = await response.text();
  return assertRoot(bytes, () => new CommandError(EXIT.notVerified, `${url.href} is not a TUF root`));
}

function assertRoot(text: string, refusal: () => CommandError): string {
  try {
    if (text.length > MAXIMUM_ROOT_BYTES) throw refusal();
    parseRoot(JSON.parse(text));
    return text;
  } catch (error) {
    if (error instanceof TufError || error instanceof SyntaxError) throw refusal();
    throw error;
  }
}

function versionOf(root: string): number {
  const { signed } = JSON.parse(root) as { signed: { version: number } };
  return signed.version;
}
