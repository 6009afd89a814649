import { EnvironmentError } from './environment.js';

const MINIMUM = [22, 22] as const;

/** An older Node fails in places that nobody looks at; better to say so at the start. @throws EnvironmentError. */
export function assertNodeVersion(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > MINIMUM[0] || (major === MINIMUM[0] && minor >= MINIMUM[1])) return;
  const advice = 'start it with "npm start", which uses the Node that was installed with the packages';
  throw new EnvironmentError(`Node ${MINIMUM.join('.')} or newer is needed, this is ${version}: ${advice}.`);
}
