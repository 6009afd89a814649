import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose';

interface SigningKey {
  readonly kid: string;
  readonly algorithm: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
}

/** A CI provider in small: OpenID Connect Discovery, a key set, and ID tokens, on the loopback. */
export class LocalIssuer {
  /** What it answers instead, by path: a status, or text for a body. */
  readonly answers = new Map<string, number | string>();
  /** How often it was asked for its keys. */
  asked = 0;
  private keys: SigningKey[] = [];

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(algorithm = 'RS256'): Promise<LocalIssuer> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const issuer = new LocalIssuer(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    await issuer.rotate(algorithm);
    server.on('request', async ({ url = '' }, response) => {
      const answer = issuer.answers.get(url) ?? (await issuer.document(url));
      response.writeHead(typeof answer === 'number' ? answer : 200, { location: `${issuer.url}/elsewhere` });
      response.end(typeof answer === 'number' ? '' : answer);
    });
    return issuer;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  /** Signs with a new key from now on, and no more with the old one. */
  async rotate(algorithm = 'RS256'): Promise<void> {
    const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
    this.keys = [{ kid: `key-${Math.random()}`, algorithm, privateKey, publicKey }];
  }

  get key(): SigningKey {
    const [key] = this.keys;
    if (!key) throw new Error('it has no key');
    return key;
  }

  /** An ID token of these claims as they are, for nothing is added. */
  sign(
    claims: JWTPayload,
    header: Partial<JWTHeaderParameters> = {},
    key: CryptoKey = this.key.privateKey,
  ): Promise<string> {
    return new SignJWT(claims).setProtectedHeader({ alg: this.key.algorithm, kid: this.key.kid, ...header }).sign(key);
  }

  private async document(url: string): Promise<number | string> {
    if (url === '/.well-known/openid-configuration') {
      return JSON.stringify({ issuer: this.url, jwks_uri: `${this.url}/keys` });
    }
    if (url !== '/keys') return 404;
    this.asked += 1;
    const keys = this.keys.map(async ({ kid, algorithm, publicKey }) => ({
      ...(await exportJWK(publicKey)),
      kid,
      alg: algorithm,
      use: 'sig',
    }));
    return JSON.stringify({ keys: await Promise.all(keys) });
  }
}
