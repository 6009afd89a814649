import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../clock.js';
import { AccessTokenStore } from '../database/access-token.store.js';
import { type Environment, EnvironmentError } from '../environment.js';
import { readSecretFile, writeSecretFile } from '../secret-file.js';
import { hashOfToken, newAccessToken } from './access-token.js';

export const ADMIN_TOKEN_FILE = 'admin-token';
const ADMINISTRATOR = {
  name: 'administrator',
  scopes: ['admin'],
  repositories: null,
  paths: null,
  createdBy: null,
  expiresAt: null,
  revokedAt: null,
  lastUsedAt: null,
} as const;

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
    if (token === null) return;
    const hash = hashOfToken(token);
    await this.tokens.add({ ...ADMINISTRATOR, id: randomUUID(), hash, createdAt: this.clock.now() }, null);
    const known = await this.tokens.findByHash(hash);
    if (known?.revokedAt) this.logger.warn(`the configured administrator's token was revoked: it opens nothing`);
  }

  private async keptToken(): Promise<string | null> {
    const kept = await this.readFile();
    if (kept === null) return null;
    if (!kept.isPrivate) {
      throw new EnvironmentError(`${this.file} can be read by others; make it private: chmod 600 ${this.file}`);
    }
    const token = kept.text.trim();
    if (!/^[!-~]{32,}$/.test(token)) {
      throw new EnvironmentError(`${this.file} holds no token of at least 32 characters; restore it, or remove it`);
    }
    return token;
  }

  private async readFile(): Promise<{ readonly text: string; readonly isPrivate: boolean } | null> {
    try {
      return await readSecretFile(this.file);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw new EnvironmentError(`cannot read ${this.file}, the administrator's token`, { cause });
    }
  }

  private async firstToken(): Promise<string | null> {
    if ((await this.tokens.count()) > 0) return null;
    const token = newAccessToken();
    if (!(await this.keep(token))) return this.keptToken(); // a replica that starts at the same moment was faster
    this.logger.log(`The administrator's token, shown this once and kept in ${this.file}:`);
    process.stdout.write(`\n    ${token}\n\n`);
    return token;
  }

  private async keep(token: string): Promise<boolean> {
    try {
      await writeSecretFile(this.file, `${token}\n`);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
  }

  private get file(): string {
    return join(this.environment.dataFolder, ADMIN_TOKEN_FILE);
  }
}
