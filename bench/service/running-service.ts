import { Api } from '../../test/support/api.js';
import { ServiceProcess } from '../../test/support/service-process.js';

export interface ServiceSettings {
  readonly dataFolder: string;
  readonly databaseUrl: string;
  readonly token: string;
  readonly nodeOptions: string | undefined;
}

/** The built service, running as a process of its own. */
export interface RunningService {
  readonly url: string;
  readonly token: string;
  readonly api: Api;
  readonly pid: number;
}

/** All load comes with one token and from one address, more of it than pipelines with one token may send by default. */
const RATE_LIMITS = { TRS_RATE_LIMIT_TOKEN: '0', TRS_RATE_LIMIT_ADDRESS: '0' };
/** As the container image sets it, and docs/operating.md advises. */
const MALLOC = { MALLOC_ARENA_MAX: '2', MALLOC_TRIM_THRESHOLD_: '131072' };

export function serviceProcess({ dataFolder, databaseUrl, token, nodeOptions }: ServiceSettings): ServiceProcess {
  return new ServiceProcess({
    ...MALLOC,
    ...RATE_LIMITS,
    TRS_DATA_DIR: dataFolder,
    DATABASE_URL: databaseUrl,
    TRS_ADMIN_TOKEN: token,
    TRS_LOG_LEVEL: 'warn',
    ...(nodeOptions !== undefined && { NODE_OPTIONS: nodeOptions }),
  });
}

export async function onceListening(process: ServiceProcess, token: string): Promise<RunningService> {
  const url = await process.listening();
  return { url, token, api: new Api({ url, token }), pid: process.pid };
}
