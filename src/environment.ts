import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { z } from 'zod';
import type { HttpSettings } from './http/bounds/http-settings.js';
import { KEY_URI_SCHEMES } from './key-vaults/key-uri.js';
import type { KeyVaultSettings } from './key-vaults/key-vault-settings.js';
import { isNetwork } from './webhooks/network-guard.js';

/** The service's configuration, read once from the process environment; see the table in README.md. */
export interface Environment {
  readonly host: string;
  readonly port: number;
  readonly dataFolder: string;
  /** Undefined means the embedded PostgreSQL. */
  readonly databaseUrl: string | undefined;
  readonly databasePoolSize: number;
  /** What a statement may take; a connection that is silent for longer is given up. */
  readonly databaseTimeoutMs: number;
  readonly keyPassphrase: string | undefined;
  readonly adminToken: string | undefined;
  readonly http: HttpSettings;
  /** How long metadata stays after the last timestamp that leads to it has expired. */
  readonly historyMarginMs: number;
  /** How long tasks stay after they are settled. */
  readonly taskHistoryMs: number;
  /** How long a change may await the approval of a second principal. */
  readonly approvalPeriodMs: number;
  readonly logLevel: LogLevel;
  readonly logFormat: 'json' | 'text';
  readonly auditCheckpointSeconds: number;
  /** Private networks that webhooks may lead into, as ADDRESS/BITS. */
  readonly webhookNetworks: readonly string[];
  /** Whether everybody may read metrics. */
  readonly metricsAreOpen: boolean;
  readonly keyVaults: KeyVaultSettings;
  /** The file that says which Sigstore is trusted; undefined means that no Sigstore identity is. */
  readonly sigstoreTrustedRoot: string | undefined;
  /** The OpenID Connect issuers whose tokens trusted publishers may name; none unless configured. */
  readonly oidcIssuers: readonly string[];
}

/** What reaching key vaults takes, for the service and for whoever signs with one from elsewhere. */
export type KeyVaultEnvironment = Pick<Environment, 'dataFolder' | 'keyPassphrase' | 'keyVaults'>;

const LOG_LEVELS = ['error', 'warn', 'log', 'debug'] as const;
type LogLevel = (typeof LOG_LEVELS)[number];

/** A message for the operator: what is wrong with which variable. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
}

const keyVaultSchema = z.object({
  TRS_DATA_DIR: z.string().min(1).default('.trs'),
  TRS_KEY_PASSPHRASE: z.string().min(8, 'must have at least 8 characters').optional(),
  TRS_KEY_VAULTS: z
    .string()
    .default('file')
    .transform(listed)
    .pipe(z.array(z.enum(KEY_URI_SCHEMES))),
  TRS_KEY_VAULT_TIMEOUT: z.coerce.number().min(0.1).max(300).default(10),
  TRS_KEY_VAULT_PARALLEL: z.coerce.number().int().min(1).max(1_000).default(16),
  TRS_PKCS11_MODULE: z.string().regex(/^\//, 'must be an absolute path').optional(),
  TRS_PKCS11_PIN: z.string().optional(),
  TRS_AWS_KMS_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  TRS_GCP_KMS_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  TRS_AZURE_KEY_VAULT_HOST: z
    .string()
    .regex(/^[a-z0-9.-]+(?::\d+)?$/, 'must be HOST or HOST:PORT')
    .optional(),
  TRS_VAULT_ADDR: z.url({ protocol: /^https?$/ }).optional(),
  TRS_VAULT_TOKEN: z.string().optional(),
  TRS_VAULT_TOKEN_FILE: z.string().optional(),
  TRS_VAULT_NAMESPACE: z
    .string()
    .regex(/^[\w./-]+$/, 'must be a path such as admin/team')
    .optional(),
});

const schema = keyVaultSchema.extend({
  TRS_HOST: z.string().min(1).default('127.0.0.1'),
  TRS_PORT: z.coerce.number().int().min(0).max(65_535).default(3_000),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(?:ql)?:\/\//, 'must look like postgres://user:password@host:5432/database')
    .optional(),
  TRS_DATABASE_POOL_SIZE: z.coerce.number().int().min(3).max(1_000).default(10),
  TRS_DATABASE_TIMEOUT: z.coerce.number().int().min(5).max(3_600).default(300),
  TRS_ADMIN_TOKEN: z.string().min(32, 'must have at least 32 characters').optional(),
  TRS_BODY_LIMIT: z.coerce.number().int().min(600_000).max(1_073_741_824).default(10_485_760),
  TRS_BODY_TIMEOUT: z.coerce.number().min(1).max(3_600).default(60),
  TRS_IDLE_TIMEOUT: z.coerce.number().min(1).max(3_600).default(180),
  TRS_RATE_LIMIT_ADDRESS: z.coerce.number().int().min(0).max(1_000_000).default(5_000),
  TRS_RATE_LIMIT_TOKEN: z.coerce.number().int().min(0).max(1_000_000).default(2_000),
  TRS_MAX_CONNECTIONS: z.coerce.number().int().min(1).max(1_000_000).default(10_000),
  TRS_MAX_REQUESTS: z.coerce.number().int().min(1).max(1_000_000).default(5_000),
  TRS_TRUSTED_PROXIES: z
    .string()
    .default('')
    .transform(listed)
    .pipe(
      z.array(
        z.string().refine(isAddressOrNetwork, 'must be addresses or networks such as 10.0.0.0/8, with commas between'),
      ),
    ),
  TRS_CORS_ORIGINS: z
    .string()
    .default('')
    .transform(listed)
    .pipe(z.array(z.string().refine(isOrigin, 'must be origins such as https://a.example, with commas between'))),
  TRS_HISTORY_MARGIN: z.coerce.number().min(0.25).max(87_600).default(24),
  TRS_APPROVAL_PERIOD: z.coerce.number().min(1).max(87_600).default(168),
  TRS_TASK_HISTORY: z.coerce.number().min(1).max(36_500).default(90),
  TRS_LOG_LEVEL: z.enum(LOG_LEVELS).default('log'),
  TRS_LOG_FORMAT: z.enum(['json', 'text']).optional(),
  TRS_WEBHOOK_NETWORKS: z
    .string()
    .default('')
    .transform(listed)
    .pipe(z.array(z.string().refine(isNetwork, 'must be ADDRESS/BITS'))),
  TRS_METRICS_OPEN: z.enum(['true', 'false']).default('false'),
  TRS_AUDIT_CHECKPOINT_INTERVAL: z.coerce.number().int().min(1).max(86_400).default(60),
  TRS_SIGSTORE_TRUSTED_ROOT: z.string().optional(),
  TRS_OIDC_ISSUERS: z
    .string()
    .default('')
    .transform(listed)
    .pipe(z.array(z.string().refine(isIssuer, 'must be https URLs without query or fragment, with commas between'))),
});

const HOUR_MS = 3_600_000;

const FROM_FILES = ['TRS_KEY_PASSPHRASE', 'TRS_ADMIN_TOKEN', 'DATABASE_URL', 'TRS_PKCS11_PIN'];

/** @throws EnvironmentError naming every variable that is wrong. */
export function readEnvironment(variables: NodeJS.ProcessEnv = process.env): Environment {
  const given = parse(schema, variables);
  return {
    ...keyVaultEnvironment(given, variables),
    host: given.TRS_HOST,
    port: given.TRS_PORT,
    databaseUrl: given.DATABASE_URL,
    databasePoolSize: given.TRS_DATABASE_POOL_SIZE,
    databaseTimeoutMs: given.TRS_DATABASE_TIMEOUT * 1_000,
    adminToken: given.TRS_ADMIN_TOKEN,
    http: httpSettings(given),
    historyMarginMs: given.TRS_HISTORY_MARGIN * HOUR_MS,
    taskHistoryMs: given.TRS_TASK_HISTORY * 24 * HOUR_MS,
    approvalPeriodMs: given.TRS_APPROVAL_PERIOD * HOUR_MS,
    logLevel: given.TRS_LOG_LEVEL,
    logFormat: given.TRS_LOG_FORMAT ?? (process.stdout.isTTY ? 'text' : 'json'),
    auditCheckpointSeconds: given.TRS_AUDIT_CHECKPOINT_INTERVAL,
    webhookNetworks: given.TRS_WEBHOOK_NETWORKS,
    metricsAreOpen: given.TRS_METRICS_OPEN === 'true',
    sigstoreTrustedRoot: given.TRS_SIGSTORE_TRUSTED_ROOT,
    oidcIssuers: given.TRS_OIDC_ISSUERS,
  };
}

/**
 * Of the same variables only those that say how key vaults are reached, for whoever is not the service.
 * @throws EnvironmentError naming every variable that is wrong.
 */
export function readKeyVaultEnvironment(variables: NodeJS.ProcessEnv): KeyVaultEnvironment {
  return keyVaultEnvironment(parse(keyVaultSchema, variables), variables);
}

function parse<Schema extends z.ZodObject>(of: Schema, variables: NodeJS.ProcessEnv): z.infer<Schema> {
  const secrets = FROM_FILES.filter((name) => name in of.shape);
  const parsed = of.safeParse(withSecretsFromFiles(withoutEmpty(variables), secrets));
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new EnvironmentError(`The configuration is wrong.\n  ${faults.join('\n  ')}`);
}

function httpSettings(given: z.infer<typeof schema>): HttpSettings {
  return {
    trustedProxies: given.TRS_TRUSTED_PROXIES,
    corsOrigins: given.TRS_CORS_ORIGINS,
    rateLimits: { perAddress: given.TRS_RATE_LIMIT_ADDRESS, perPrincipal: given.TRS_RATE_LIMIT_TOKEN },
    bodyTimeoutMs: given.TRS_BODY_TIMEOUT * 1_000,
    idleTimeoutMs: given.TRS_IDLE_TIMEOUT * 1_000,
    maximumConnections: given.TRS_MAX_CONNECTIONS,
    maximumRequests: given.TRS_MAX_REQUESTS,
    bodyLimitBytes: given.TRS_BODY_LIMIT,
  };
}

function keyVaultEnvironment(given: z.infer<typeof keyVaultSchema>, variables: NodeJS.ProcessEnv): KeyVaultEnvironment {
  return {
    dataFolder: resolve(given.TRS_DATA_DIR),
    keyPassphrase: given.TRS_KEY_PASSPHRASE,
    keyVaults: keyVaultSettings(given, variables),
  };
}

function keyVaultSettings(given: z.infer<typeof keyVaultSchema>, variables: NodeJS.ProcessEnv): KeyVaultSettings {
  return {
    allowed: given.TRS_KEY_VAULTS,
    limits: { timeoutMs: given.TRS_KEY_VAULT_TIMEOUT * 1_000, parallel: given.TRS_KEY_VAULT_PARALLEL },
    signingKeys: signingKeys(variables),
    pkcs11: { module: given.TRS_PKCS11_MODULE, pin: given.TRS_PKCS11_PIN },
    awsEndpoint: given.TRS_AWS_KMS_ENDPOINT,
    gcpEndpoint: given.TRS_GCP_KMS_ENDPOINT,
    azureHost: given.TRS_AZURE_KEY_VAULT_HOST,
    transit: {
      address: given.TRS_VAULT_ADDR,
      token: given.TRS_VAULT_TOKEN,
      tokenFile: given.TRS_VAULT_TOKEN_FILE,
      namespace: given.TRS_VAULT_NAMESPACE,
    },
  };
}

function isAddressOrNetwork(text: string): boolean {
  return isIP(text) !== 0 || isNetwork(text);
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && /^https?:/.test(text) && new URL(text).origin === text;
}

function listed(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** OpenID Connect Discovery 1.0, 3; without TLS only on this very machine. */
function isIssuer(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, search, hash } = new URL(text);
  const isLoopback = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
  return (protocol === 'https:' || (protocol === 'http:' && isLoopback)) && !username && !search && !hash;
}

/** The only variables whose names a key URI may choose. */
function signingKeys(variables: NodeJS.ProcessEnv): Record<string, string> {
  const found = Object.entries(variables).filter(([name, value]) => name.startsWith('TRS_SIGNING_KEY_') && value);
  return Object.fromEntries(found.map(([name, value]) => [name, value ?? '']));
}

function withoutEmpty(variables: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
}

/** `NAME_FILE` names a file that holds the value of `NAME`, as container secrets do. */
function withSecretsFromFiles(variables: NodeJS.ProcessEnv, names: readonly string[]): NodeJS.ProcessEnv {
  const fromFiles = names.flatMap((name) => {
    const file = variables[`${name}_FILE`];
    return file === undefined ? [] : [[name, readSecret(`${name}_FILE`, file)]];
  });
  return { ...variables, ...Object.fromEntries(fromFiles) };
}

function readSecret(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    throw new EnvironmentError(`${name}: cannot read ${file}`, { cause });
  }
}
