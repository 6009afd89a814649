import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey } from 'jose';

const TIMEOUT_MS = 5_000;
/** What an issuer says is small; more is a fault, or an attack. */
const MAXIMUM_BYTES = 1_048_576;
/** How long keys are used without asking again whether they are still the issuer's. */
const KEPT_MS = 600_000;
/** How soon a key that is not known makes us ask again: rotation is seen after that, and forged key ids cost no more. */
const COOLDOWN_MS = 5_000;

/** An issuer cannot be reached, or does not answer as OpenID Connect says; its tokens may be good all the same. */
export class IssuerUnavailable extends Error {
  override readonly name = 'IssuerUnavailable';
}

/** The keys of one issuer, found by OpenID Connect Discovery, kept, and asked for again when they rotate. */
export class IssuerKeys {
  private keys: JWTVerifyGetKey | null = null;
  private discovery: Promise<JWTVerifyGetKey> | null = null;
  private failure: { readonly error: IssuerUnavailable; readonly at: number } | null = null;

  constructor(private readonly issuer: string) {}

  /** For jose. @throws IssuerUnavailable; again at once for a while, so that an issuer that is down costs no time. */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    if (this.failure && performance.now() - this.failure.at < COOLDOWN_MS) throw this.failure.error;
    const keys = this.keys ?? (await this.discover());
    return keys(header, token);
  };

  private async discover(): Promise<JWTVerifyGetKey> {
    this.discovery ??= this.keySet().finally(() => {
      this.discovery = null;
    });
    this.keys = await this.discovery;
    return this.keys;
  }

  private async keySet(): Promise<JWTVerifyGetKey> {
    const response = await this.fetch(`${this.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, {
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const { issuer, jwks_uri: address } = (await response.json()) as Record<string, unknown>;
    // Discovery 1.0, 4.3: who answers must be who was asked
    if (issuer !== this.issuer) throw this.unavailable(`says that it is ${JSON.stringify(issuer)}`);
    if (typeof address !== 'string' || !isAsSafe(address, this.issuer))
      throw this.unavailable('names no keys by https');
    return createRemoteJWKSet(new URL(address), {
      timeoutDuration: TIMEOUT_MS,
      cooldownDuration: COOLDOWN_MS,
      cacheMaxAge: KEPT_MS,
      [customFetch]: (url, options) => this.fetch(url, options),
    });
  }

  /** A small answer of 200, of the very address that was asked. @throws IssuerUnavailable */
  private async fetch(url: string, options: RequestInit): Promise<Response> {
    try {
      const response = await fetch(url, { ...options, redirect: 'error' });
      if (response.status !== 200) throw new Error(`${url} answers ${response.status}`);
      const answer = new Response(await smallBody(response));
      await answer.clone().json();
      this.failure = null;
      return answer;
    } catch (cause) {
      throw this.unavailable(cause instanceof Error ? cause.message : String(cause), cause);
    }
  }

  private unavailable(reason: string, cause?: unknown): IssuerUnavailable {
    const error = new IssuerUnavailable(`the issuer ${this.issuer} cannot be asked for its keys: ${reason}`, { cause });
    this.failure = { error, at: performance.now() };
    return error;
  }
}

function isAsSafe(address: string, issuer: string): boolean {
  return URL.canParse(address) && (address.startsWith('https:') || issuer.startsWith('http:'));
}

async function smallBody({ body }: Response): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.length;
    if (length > MAXIMUM_BYTES) throw new Error('the answer is too long');
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}
