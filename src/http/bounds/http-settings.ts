/** What callers may take of the service, and whom it believes; see the table in README.md. */
export interface HttpSettings {
  /** Addresses and networks of proxies whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[];
  /** Web pages of other origins that may use the service. */
  readonly corsOrigins: readonly string[];
  /** Requests a second, over ten of them; 0 for no limit. */
  readonly rateLimits: { readonly perAddress: number; readonly perPrincipal: number };
  /** How long a body may take to arrive. */
  readonly bodyTimeoutMs: number;
  /** A connection on which nothing moves for so long is cut off, as of somebody who does not take an answer. */
  readonly idleTimeoutMs: number;
  readonly maximumConnections: number;
  /** Requests that are worked on, or wait, at once. */
  readonly maximumRequests: number;
  /** For what lists artifacts or holds metadata. */
  readonly bodyLimitBytes: number;
}
