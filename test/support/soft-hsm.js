import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasTool, runTool } from './run-tool.js';
import { newPrivateKey } from './vault-keys.js';
export const SOFTHSM_PIN = '1234';
const MODULES = ['/usr/lib/softhsm/libsofthsm2.so', '/usr/local/lib/softhsm/libsofthsm2.so'];
export const SOFTHSM_MODULE = MODULES.find(existsSync);
/** Why SoftHSM cannot be tried here; null when it can. */
export async function softHsmMissing() {
    if (!SOFTHSM_MODULE)
        return 'SoftHSM2 is not installed (apt-get install softhsm2)';
    if (!(await hasTool('softhsm2-util', ['--version'])))
        return 'softhsm2-util does not run';
    // npm leaves it out where it cannot be compiled.
    return hasPackage('pkcs11js');
}
async function hasPackage(name) {
    return import(name).then(() => null, (error) => `the package ${name} does not load: ${error.message}`);
}
/** A new token in the SoftHSM of this test run, with one key for each scheme, named like it. */
export async function makeToken(label, schemes) {
    await runTool('softhsm2-util', [
        '--init-token',
        '--free',
        '--label',
        label,
        '--pin',
        SOFTHSM_PIN,
        '--so-pin',
        '5678',
    ]);
    for (const [index, scheme] of schemes.entries()) {
        const file = join(process.env.TRS_TEST_SOFTHSM_FOLDER ?? '', `${label}-${scheme}.pem`);
        await writeFile(file, newPrivateKey(scheme).export({ type: 'pkcs8', format: 'pem' }));
        const id = `0${index + 1}`;
        const where = ['--token', label, '--label', scheme, '--id', id, '--pin', SOFTHSM_PIN];
        await runTool('softhsm2-util', ['--import', file, ...where]);
    }
}
