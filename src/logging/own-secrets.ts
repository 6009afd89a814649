import type { Environment } from '../environment.js';

/** Everything that the service is configured with and that nobody may read in a log. */
export function ownSecrets(environment: Environment, databaseUrl: string): string[] {
  const { adminToken, keyPassphrase, keyVaults } = environment;
  const { pkcs11, transit, signingKeys } = keyVaults;
  const database = URL.canParse(databaseUrl) ? decodeURIComponent(new URL(databaseUrl).password) : '';
  const given = [adminToken, keyPassphrase, pkcs11.pin, transit.token, database, ...Object.values(signingKeys)];
  return given.filter((secret) => secret !== undefined);
}
