/** What one metadata file says of another (specification 4.4, METAFILES). */
export interface MetaFile {
  readonly version: number;
  readonly length?: number;
  readonly hashes?: { readonly sha256: string };
}
