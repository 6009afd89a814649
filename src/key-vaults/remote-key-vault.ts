import type { KeyObject } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { ParallelBound } from '../parallel-bound.js';
import type { KeyScheme } from '../tuf/key.js';
import { type KeyUri, KeyVault, KeyVaultError, KeyVaultUnavailableError } from './key-vault.js';
import { isTransient, reasonOf } from './transient-fault.js';

const MOST_ATTEMPTS = 5;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;

/** A vault behind a network or a driver: its errors are its own, and it stops when the signal says so. */
export interface VaultBackend {
  publicKey(uri: KeyUri, signal: AbortSignal): Promise<KeyObject>;
  sign(uri: KeyUri, scheme: KeyScheme, bytes: Uint8Array, signal: AbortSignal): Promise<Uint8Array>;
}

export interface RemoteLimits {
  /** For one call with all its repetitions, from when its turn has come. */
  readonly timeoutMs: number;
  readonly parallel: number;
}

type Call<T> = (signal: AbortSignal) => Promise<T>;

/** Puts a time-out, repetitions and a bound of parallel calls around a vault that may be slow, busy or down. */
export class RemoteKeyVault extends KeyVault {
  private readonly turns: ParallelBound;

  constructor(
    private readonly backend: VaultBackend,
    private readonly limits: RemoteLimits,
    private readonly random: () => number = Math.random,
  ) {
    super();
    this.turns = new ParallelBound(limits.parallel);
  }

  override publicKey(uri: KeyUri): Promise<KeyObject> {
    return this.inTurn(uri, (signal) => this.backend.publicKey(uri, signal));
  }

  override sign(uri: KeyUri, scheme: KeyScheme, bytes: Uint8Array): Promise<Uint8Array> {
    return this.inTurn(uri, (signal) => this.backend.sign(uri, scheme, bytes, signal));
  }

  private inTurn<T>(uri: KeyUri, call: Call<T>): Promise<T> {
    return this.turns.run(() => this.inTime(uri, (signal) => this.withRepetitions(uri, call, signal)));
  }

  // Raced, because a driver or an SDK may not listen to the signal.
  private async inTime<T>(uri: KeyUri, call: Call<T>): Promise<T> {
    const { timeoutMs } = this.limits;
    const abort = new AbortController();
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      late.reject(new KeyVaultUnavailableError(`${uri}: no answer within ${timeoutMs / 1_000} seconds`));
      abort.abort();
    }, timeoutMs);
    try {
      return await Promise.race([call(abort.signal), late.promise]);
    } finally {
      clearTimeout(timer);
    }
  }

  private async withRepetitions<T>(uri: KeyUri, call: Call<T>, signal: AbortSignal): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await call(signal);
      } catch (error) {
        if (!mayHeal(error)) throw failure(uri, error);
        if (attempt === MOST_ATTEMPTS || signal.aborted) throw unavailable(uri, error);
      }
      await pause(this.pauseAfter(attempt), undefined, { signal });
    }
  }

  // Full jitter: many that were throttled together do not come back together.
  private pauseAfter(attempt: number): number {
    return this.random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt);
  }
}

function mayHeal(error: unknown): boolean {
  return error instanceof KeyVaultError ? error instanceof KeyVaultUnavailableError : isTransient(error);
}

// Their causes stay out: SDK errors carry the request, and with it credentials.
function failure(uri: KeyUri, error: unknown): KeyVaultError {
  return error instanceof KeyVaultError ? error : new KeyVaultError(`${uri}: ${reasonOf(error)}`);
}

function unavailable(uri: KeyUri, error: unknown): KeyVaultUnavailableError {
  if (error instanceof KeyVaultUnavailableError) return error;
  return new KeyVaultUnavailableError(`${uri}: ${reasonOf(error)}`);
}
