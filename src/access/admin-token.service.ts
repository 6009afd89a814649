import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../clock.js';
import { AccessTokenStore } from '../database/access-token.store.js';
import type { Environment } from '../environment.js';
import { writeSecretFile } from '../secret-file.js';
import { hashOfToken, newAccessToken } from './access-token.js';

export const ADMIN_TOKEN_FILE = 'admin-token';
const NAME = 'administrator';

/** Sees to it that there is an administrator: a configured token, the one kept in the data folder, or a new one. */
@Injectable()
export class AdminTokenService implements OnModuleInit {
  private readonly logger = new Logger(AdminTokenService.name);

  constructor(
    private readonly tokens: AccessTokenStore,
    private readonly clock: Clock,
    private readonly environment: Pick<Environment, 'adminToken' | 'dataFolder'>,
  ) {}

  async onModuleInit(): Promise<void> {
    const token = this.environment.adminToken ?? (await this.keptToken()) ?? (await this.firstToken());
    if (token) await this.tokens.add(NAME, hashOfToken(token), this.clock.now());
  }

  private async keptToken(): Promise<string | null> {
    try {
      return (await readFile(this.file, 'utf8')).trim() || null;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  }

  private async firstToken(): Promise<string | null> {
    if ((await this.tokens.count()) > 0) return null;
    const token = newAccessToken();
    await writeSecretFile(this.file, `${token}\n`);
    this.logger.log(`The administrator's token, shown this once and kept in ${this.file}:`);
    process.stdout.write(`\n    ${token}\n\n`);
    return token;
  }

  private get file(): string {
    return join(this.environment.dataFolder, ADMIN_TOKEN_FILE);
  }
}
