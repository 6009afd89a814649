import type { BinsKind } from '../hash-bins.js';

export const CLIENT_NAMES = ['python-tuf', 'go-tuf', 'tuf-js', 'tough', 'php-tuf', 'rust-tuf'] as const;
export type ClientName = (typeof CLIENT_NAMES)[number];

/** What a TUF client bears, as it comes. */
export interface ClientTraits {
  readonly name: ClientName;
  readonly readsBins: readonly BinsKind[];
  /** How many bytes it reads of a file whose length nothing states; null where no bound is known. */
  readonly bytesUnstated: { readonly root: number; readonly timestamp: number; readonly targets: number } | null;
  /** How many next roots it takes in one refresh; null where no bound is known. */
  readonly rootsAtOnce: number | null;
  /** More bins than these take it long, and why; null where they do not matter. */
  readonly bins: { readonly comfortable: number; readonly because: string } | null;
  /** Whether it downloads every bin, whatever it looks for. */
  readonly loadsAllBins: boolean;
  /** Whether it asks for gzip. */
  readonly takesGzip: boolean;
}

const MIB = 1_048_576;
/** Shared by three of them. */
const USUAL = { root: 512_000, timestamp: 16_384, targets: 5_000_000 };

export const CLIENTS: readonly ClientTraits[] = [
  {
    name: 'python-tuf',
    readsBins: ['succinct', 'classic'],
    bytesUnstated: USUAL,
    rootsAtOnce: 256,
    bins: null,
    loadsAllBins: false,
    takesGzip: false,
  },
  {
    name: 'go-tuf',
    readsBins: ['succinct'],
    bytesUnstated: USUAL,
    rootsAtOnce: 256,
    bins: null,
    loadsAllBins: false,
    takesGzip: true,
  },
  {
    name: 'tuf-js',
    readsBins: ['succinct', 'classic'],
    bytesUnstated: USUAL,
    rootsAtOnce: 256,
    bins: {
      comfortable: 1_024,
      because: 'a refresh takes it about a second with 2,048, and over a minute with 16,384',
    },
    loadsAllBins: false,
    takesGzip: true,
  },
  {
    name: 'tough',
    readsBins: ['classic'],
    bytesUnstated: { root: MIB, timestamp: MIB, targets: 10 * MIB },
    rootsAtOnce: 1_024,
    bins: { comfortable: 256, because: 'it downloads every one of them before it looks for anything' },
    loadsAllBins: true,
    takesGzip: false,
  },
  {
    name: 'php-tuf',
    readsBins: ['classic'],
    bytesUnstated: { root: 100_000, timestamp: 100_000, targets: 100_000 },
    rootsAtOnce: 1_024,
    bins: null,
    loadsAllBins: false,
    takesGzip: false,
  },
  {
    name: 'rust-tuf',
    readsBins: [],
    bytesUnstated: null,
    rootsAtOnce: null,
    bins: null,
    loadsAllBins: false,
    takesGzip: false,
  },
];

export function clientsNamed(names: readonly ClientName[]): ClientTraits[] {
  return CLIENTS.filter(({ name }) => names.includes(name));
}

/** The clients that can read a repository with bins of this kind, or without bins. */
export function clientsReading(kind: BinsKind | null): ClientTraits[] {
  return CLIENTS.filter(({ readsBins }) => kind === null || readsBins.includes(kind));
}
