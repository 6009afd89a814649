import { createHash } from 'node:crypto';
/** What a publisher says of a file with this content. */
export function artifact(path, content = path, custom) {
    const bytes = Buffer.from(content);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const described = { path, length: bytes.length, hashes: { sha256 } };
    return custom === undefined ? described : { ...described, custom };
}
