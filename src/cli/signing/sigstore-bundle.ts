import { TufError } from '../../tuf/errors.js';
import type { Root, Signature } from '../../tuf/metadata.js';
import { parseSignature } from '../../tuf/parse-metadata.js';
import { rootKeyOf } from '../../tuf/root-trust.js';
import { usageError } from '../command-error.js';
import { readJsonFile } from '../json-file.js';
import type { BundleFile } from './sign-flags.js';

/** Signatures by Sigstore identities. The service verifies them: this command has no Sigstore that it trusts. */
export function readBundles(
  files: readonly BundleFile[],
  root: Root,
  previous: Root | null,
): Promise<readonly Signature[]> {
  return Promise.all(files.map((bundle) => readBundle(bundle, root, previous)));
}

async function readBundle({ keyid, file }: BundleFile, root: Root, previous: Root | null): Promise<Signature> {
  const bundle = await readJsonFile(file);
  try {
    const signature = parseSignature({ keyid, sig: '', bundle }, file);
    rootKeyOf(root, previous, keyid, '--bundle');
    return signature;
  } catch (error) {
    throw error instanceof TufError ? usageError(error.message) : error;
  }
}
