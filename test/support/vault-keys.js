import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runTool } from './run-tool.js';
/** One private key for each scheme, named like it: the inside of a fake vault. */
export class VaultKeys {
    constructor(schemes) {
        this.keys = new Map();
        for (const scheme of schemes)
            this.keys.set(scheme, newPrivateKey(scheme));
    }
    privateKey(name) {
        return this.keys.get(name);
    }
    publicKey(name) {
        const key = this.keys.get(name);
        return key && createPublicKey(key);
    }
    /** From now on another key signs: what a fault or an attacker in the vault would do. @returns the way back. */
    replace(scheme) {
        const before = this.keys.get(scheme) ?? newPrivateKey(scheme);
        this.keys.set(scheme, newPrivateKey(scheme));
        return () => this.keys.set(scheme, before);
    }
}
export function newPrivateKey(scheme) {
    switch (scheme) {
        case 'ed25519':
            return generateKeyPairSync('ed25519').privateKey;
        case 'ecdsa-sha2-nistp256':
            return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
        case 'ecdsa-sha2-nistp384':
            return generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;
        case 'rsassa-pss-sha256':
            return generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
        default:
            return scheme;
    }
}
/** Signs what a vault was sent: the message for Ed25519, the digest for the others (ECDSA in DER, PSS with a salt of 32). */
export async function signInput(key, input) {
    if (key.asymmetricKeyType === 'ed25519')
        return sign(null, input, key);
    // node:crypto always hashes; openssl signs a digest as it is.
    const folder = await mkdtemp(join(tmpdir(), 'trs-sign-'));
    try {
        const files = { key: join(folder, 'key.pem'), input: join(folder, 'input'), out: join(folder, 'out') };
        await writeFile(files.key, key.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
        await writeFile(files.input, input);
        const hash = input.length === 48 ? 'sha384' : 'sha256';
        const pss = ['-pkeyopt', 'rsa_padding_mode:pss', '-pkeyopt', 'rsa_pss_saltlen:32'];
        const options = ['-pkeyopt', `digest:${hash}`, ...(key.asymmetricKeyType === 'rsa' ? pss : [])];
        return await runTool('openssl', ['pkeyutl', '-sign', '-inkey', files.key, '-in', files.input, ...options]);
    }
    finally {
        await rm(folder, { recursive: true });
    }
}
/** r||s (IEEE P1363) from DER, as Azure answers. */
export function p1363FromDer(der, half) {
    const rLength = der[3] ?? 0;
    const integers = [der.subarray(4, 4 + rLength), der.subarray(6 + rLength)];
    return Buffer.concat(integers.map((integer) => Buffer.concat([Buffer.alloc(half), integer]).subarray(-half)));
}
