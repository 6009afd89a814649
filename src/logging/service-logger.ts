import type { LoggerService } from '@nestjs/common';
import { type Logger, pino, stdTimeFunctions } from 'pino';
import type { Environment } from '../environment.js';
import { ownSecrets } from './own-secrets.js';
import { Redactor } from './redactor.js';
import { textLine } from './text-line.js';

/** Where the log goes, line by line. */
export interface LogOutput {
  write(line: string): unknown;
}

/** Nest announces every module and route in these contexts; only who asks for `debug` wants to know. */
const CHATTY_CONTEXTS = ['InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestFactory'];
/** What fails while the service starts is told once, with advice, by main.ts. */
const START_UP_CONTEXTS = ['ExceptionHandler', 'TypeOrmModule'];

const PINO_LEVELS = { error: 'error', warn: 'warn', log: 'info', debug: 'debug' } as const;
type Level = 'fatal' | (typeof PINO_LEVELS)[keyof typeof PINO_LEVELS];

/** Writes the log: JSON, one event a line, or lines for people; nothing secret in either. */
export class ServiceLogger implements LoggerService {
  private readonly pino: Logger;

  private constructor(
    private readonly threshold: Environment['logLevel'],
    redactor: Redactor,
    output: LogOutput,
  ) {
    this.pino = pino(
      {
        level: 'debug', // the threshold is held here, so that what has to be said can be
        base: null,
        messageKey: 'message',
        timestamp: stdTimeFunctions.isoTime,
        formatters: { level: (level) => ({ level }) },
        hooks: { streamWrite: (line) => redactor.redact(line) },
      },
      output,
    );
  }

  static for(environment: Environment, databaseUrl: string, output: LogOutput = process.stdout): ServiceLogger {
    const { logLevel, logFormat } = environment;
    const forPeople = { write: (line: string) => output.write(textLine(line)) };
    const redactor = new Redactor(ownSecrets(environment, databaseUrl));
    return new ServiceLogger(logLevel, redactor, logFormat === 'text' ? forPeople : output);
  }

  /** Says it whatever the threshold is. */
  announce(message: string): void {
    this.pino.info({ context: 'TRS' }, message);
  }

  log(message: unknown, ...rest: unknown[]): void {
    const isChatty = CHATTY_CONTEXTS.includes(contextOf(rest));
    if (this.says(isChatty ? 'debug' : 'log')) this.write(isChatty ? 'debug' : 'info', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    if (!START_UP_CONTEXTS.includes(contextOf(rest))) this.write('error', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    if (this.says('warn')) this.write('warn', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    if (this.says('debug')) this.write('debug', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  private says(level: Environment['logLevel']): boolean {
    const levels = Object.keys(PINO_LEVELS);
    return levels.indexOf(level) <= levels.indexOf(this.threshold);
  }

  /** Nest gives a stack before the context; what is no text are fields. */
  private write(level: Level, message: unknown, rest: readonly unknown[]): void {
    const context = contextOf(rest);
    const [stack] = rest.length > 1 ? rest : [];
    const fields = typeof message === 'object' && message !== null ? fieldsOf(message) : { message: String(message) };
    this.pino[level]({ context, ...(typeof stack === 'string' && { stack }), ...fields });
  }
}

function contextOf(rest: readonly unknown[]): string {
  return String(rest.at(-1) ?? '');
}

function fieldsOf(message: object): object {
  return message instanceof Error ? { message: message.message, stack: message.stack } : message;
}
