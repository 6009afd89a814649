import { configuredKeyVaults } from '../key-vaults/configured-key-vaults.js';
import type { KeyVault } from '../key-vaults/key-vault.js';
import type { CliEnvironment } from './cli-environment.js';
import { usageError } from './command-error.js';
import { type ConnectionFlags, findConnection } from './connection.js';
import type { Output } from './output.js';
import { Service } from './service.js';

/** What every command works with. */
export class CommandContext {
  private vault: KeyVault | null = null;

  constructor(
    readonly output: Output,
    readonly environment: CliEnvironment,
    /** Whether somebody sits there who can be asked. */
    readonly isInteractive: boolean,
    private readonly flags: ConnectionFlags,
  ) {}

  async connect(): Promise<Service> {
    return new Service(await findConnection(this.flags, this.environment, (text) => this.output.warn(text)));
  }

  /** The key vaults as this machine reaches them: one for all keys, for an HSM's library takes no second user. */
  keyVault(): KeyVault {
    this.vault ??= configuredKeyVaults(this.environment.keyVaults());
    return this.vault;
  }

  /** Asks, or says which flag would have answered. */
  async ask<T>(flag: string, question: () => Promise<T>): Promise<T> {
    if (!this.isInteractive) throw usageError(`${flag} is missing, and there is nobody to ask`);
    return question();
  }
}
