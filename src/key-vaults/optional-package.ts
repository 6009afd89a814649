import { KeyVaultError } from './key-vault.js';

/**
 * Loads an optional package on first use. Its types are the caller's own, so that the service builds without it.
 * @throws KeyVaultError that names the package when it is not installed.
 */
export async function optionalPackage<T>(name: string): Promise<T> {
  try {
    const loaded = await import(name);
    return loaded.default ?? loaded;
  } catch (cause) {
    const advice = `run "npm install --include=optional", or "npm rebuild ${name}" where install scripts were switched off`;
    throw new KeyVaultError(`the npm package ${name} is not installed or does not load; ${advice}`, { cause });
  }
}
