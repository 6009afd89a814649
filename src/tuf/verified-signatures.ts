import { type Key, keyMaterial } from './key.js';
import type { Signature } from './metadata.js';

/** Signatures that were found valid, each with the text and the key that it is valid for. */
export class VerifiedSignatures {
  static readonly NONE = new VerifiedSignatures();
  private readonly bySignature = new Map<string, { readonly material: string; readonly canonical: string }>();

  add(key: Key, canonical: string, { sig }: Signature): void {
    this.bySignature.set(sig, { material: keyMaterial(key), canonical });
  }

  has(key: Key, canonical: string, { sig }: Signature): boolean {
    const known = this.bySignature.get(sig);
    return known !== undefined && known.material === keyMaterial(key) && known.canonical === canonical;
  }
}
