import { Injectable, Logger } from '@nestjs/common';
import { decodeJwt, errors, type JWTPayload, jwtVerify } from 'jose';
import { Clock } from '../../clock.js';
import { ProblemError } from '../../http/problem.js';
import { IssuerKeys, IssuerUnavailable } from './issuer-keys.js';

/** Signatures by a private key alone: "none" signs nothing, and with HS256 a public key would do for a secret. */
const ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
];
const ISSUER_FAULTS = [IssuerUnavailable, errors.JWKSTimeout, errors.JWKSInvalid];
const CLOCK_SKEW_SECONDS = 30;
const MAXIMUM_LIFETIME_SECONDS = 86_400;

/** What an issuer vouches for. */
export interface IdToken {
  readonly issuer: string;
  readonly subject: string;
  readonly audiences: readonly string[];
  readonly claims: JWTPayload;
  readonly expiresAt: Date;
}

/** Verifies the ID tokens of the issuers that the operator trusts. */
@Injectable()
export class IdTokenVerifier {
  private readonly logger = new Logger(IdTokenVerifier.name);
  private readonly issuers: ReadonlyMap<string, IssuerKeys>;

  constructor(
    issuers: readonly string[],
    private readonly clock: Clock,
  ) {
    this.issuers = new Map(issuers.map((issuer) => [issuer, new IssuerKeys(issuer)]));
  }

  trusts(issuer: string): boolean {
    return this.issuers.has(issuer);
  }

  /** Null for a token that is not to be trusted. @throws ProblemError 503 where only its issuer could tell. */
  async verified(jwt: string): Promise<IdToken | null> {
    const keys = this.issuers.get(issuerOf(jwt));
    if (!keys) return null;
    try {
      const { payload } = await jwtVerify(jwt, keys.find, {
        algorithms: ALGORITHMS,
        clockTolerance: CLOCK_SKEW_SECONDS,
        maxTokenAge: MAXIMUM_LIFETIME_SECONDS,
        requiredClaims: ['iss', 'sub', 'aud', 'exp', 'iat'],
        currentDate: this.clock.now(),
      });
      return idToken(payload);
    } catch (error) {
      if (ISSUER_FAULTS.some((fault) => error instanceof fault)) throw this.unavailable(error as Error);
      if (error instanceof errors.JOSEError) return null;
      throw error;
    }
  }

  private unavailable(cause: Error): ProblemError {
    this.logger.warn(cause.message);
    return new ProblemError(503, 'issuer-unavailable', 'the issuer of the token cannot be reached', {}, { cause });
  }
}

/** As the token says; whose keys verify it is decided by that, and nothing else is taken from it before. */
function issuerOf(jwt: string): string {
  try {
    return decodeJwt(jwt).iss ?? '';
  } catch {
    return '';
  }
}

function idToken(claims: JWTPayload): IdToken | null {
  const { iss: issuer, sub: subject, aud = [], exp = 0, iat = 0 } = claims;
  if (issuer === undefined || subject === undefined || !isPrintable(subject)) return null;
  if (exp - iat > MAXIMUM_LIFETIME_SECONDS) return null;
  return {
    issuer,
    subject,
    audiences: typeof aud === 'string' ? [aud] : aud,
    claims,
    expiresAt: new Date((exp + CLOCK_SKEW_SECONDS) * 1_000),
  };
}

/** It becomes a name: in tasks, in the log, on terminals. */
function isPrintable(subject: string): boolean {
  return typeof subject === 'string' && /^[^\p{C}\p{Zl}\p{Zp}]{1,500}$/u.test(subject);
}
