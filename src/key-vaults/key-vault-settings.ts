import type { KeyUriScheme } from './key-uri.js';
import type { RemoteLimits } from './remote-key-vault.js';

/** What the operator says of key vaults; none of it can come from a key URI. */
export interface KeyVaultSettings {
  /** Where new keys may be. */
  readonly allowed: readonly KeyUriScheme[];
  readonly limits: RemoteLimits;
  /** PEM by the name of its variable, for `env:`. */
  readonly signingKeys: Readonly<Record<string, string>>;
  readonly pkcs11: Pkcs11Settings;
  readonly awsEndpoint: string | undefined;
  readonly gcpEndpoint: string | undefined;
  /** One more host than Azure's own, with its port. */
  readonly azureHost: string | undefined;
  readonly transit: TransitSettings;
}

export interface Pkcs11Settings {
  readonly module: string | undefined;
  readonly pin: string | undefined;
}

export interface TransitSettings {
  readonly address: string | undefined;
  readonly token: string | undefined;
  /** Read again for each call, because agents renew what is in it. */
  readonly tokenFile: string | undefined;
  readonly namespace: string | undefined;
}
