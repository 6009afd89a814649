import { existsSync } from 'node:fs';
import { join } from 'node:path';
/** The absolute path of a file of the build; `npm test` builds first. */
export function builtFile(name) {
    const path = join(import.meta.dirname, '../../dist', name);
    if (!existsSync(path))
        throw new Error(`${path} is missing: run "npm run build"`);
    return path;
}
