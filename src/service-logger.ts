import { ConsoleLogger } from '@nestjs/common';
import type { Environment } from './environment.js';

const LEVELS = ['error', 'warn', 'log', 'debug'] as const;
/** Nest announces every module and route in these contexts; only who asks for `debug` wants to know. */
const CHATTY_CONTEXTS = ['InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestFactory'];

/** What fails while the service starts is told once, with advice, by main.ts. */
const START_UP_CONTEXTS = ['ExceptionHandler', 'TypeOrmModule'];

export class ServiceLogger extends ConsoleLogger {
  constructor(level: Environment['logLevel']) {
    super({
      prefix: 'trs',
      colors: process.stdout.isTTY === true,
      logLevels: ['fatal', ...LEVELS.slice(0, LEVELS.indexOf(level) + 1)],
    });
  }

  override log(message: unknown, ...rest: unknown[]): void {
    const isChatty = CHATTY_CONTEXTS.includes(String(rest.at(-1)));
    if (isChatty) super.debug(message, ...rest);
    else super.log(message, ...rest);
  }

  override error(message: unknown, ...rest: unknown[]): void {
    if (!START_UP_CONTEXTS.includes(String(rest.at(-1)))) super.error(message, ...rest);
  }
}
