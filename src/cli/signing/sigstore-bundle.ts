import type { TrustedKeys } from '../../tuf/delegation.js';
import { TufError } from '../../tuf/errors.js';
import type { Signature } from '../../tuf/metadata.js';
import { parseSignature } from '../../tuf/parse-metadata.js';
import { usageError } from '../command-error.js';
import { readJsonFile } from '../json-file.js';
import type { BundleFile } from './sign-flags.js';

/** Signatures by Sigstore identities. The service verifies them: this command has no Sigstore that it trusts. */
export function readBundles(
  files: readonly BundleFile[],
  trusted: readonly TrustedKeys[],
): Promise<readonly Signature[]> {
  return Promise.all(files.map((bundle) => readBundle(bundle, trusted)));
}

async function readBundle({ keyid, file }: BundleFile, trusted: readonly TrustedKeys[]): Promise<Signature> {
  const bundle = await readJsonFile(file);
  if (!trusted.some(({ keyids }) => keyids.some((id) => id === keyid))) {
    throw usageError(`--bundle is by ${keyid}, which is not one of the keys`);
  }
  try {
    return parseSignature({ keyid, sig: '', bundle }, file);
  } catch (error) {
    throw error instanceof TufError ? usageError(error.message) : error;
  }
}
