/** A moment in the life of a change at which a test ends, or pauses, the process. */
export interface NamedStep {
  /** Of the build. */
  readonly file: string;
  readonly class: string;
  readonly method: string;
  readonly moment: 'before' | 'after';
  /** The first argument that it has to have. */
  readonly argument?: string;
  /** What is about the transaction of the publisher alone: the method is the client's, from here on. */
  readonly commit?: 'before' | 'sent' | 'after';
  /** Which kinds of work come by. */
  readonly work: readonly Work[];
}

export type Work = 'artifacts' | 'import' | 'renewal' | 'root';

const ALL = ['artifacts', 'import', 'renewal', 'root'] as const;
const NOTIFICATIONS = { file: 'database/notifications.js', class: 'Notifications', method: 'tell' };
const SIGNER = { file: 'publishing/revision-signer.service.js', class: 'RevisionSigner' };
const ONLINE = { file: 'publishing/online-signer.service.js', class: 'OnlineSigner', method: 'sign' };
const READER = { file: 'database/publication-reader.js', class: 'PublicationReader' };
const WRITER = { file: 'database/publication-writer.js', class: 'PublicationWriter' };
const IMPORTS = { file: 'database/publication-imports.js', class: 'PublicationImports' };
/** One that every revision has; the transaction is the same until its end. */
const ANY_WRITE = { ...WRITER, method: 'lifecycle', moment: 'after' } as const;
const AUDIT = { file: 'database/audit-chain.store.js', class: 'AuditChainStore', method: 'linkNext' };

/** In the order in which a change comes by; what needs no signature is written while signatures are made. */
export const NAMED_STEPS: Readonly<Record<string, NamedStep>> = {
  'asked for, not recorded': {
    file: 'database/task.store.js',
    class: 'TaskStore',
    method: 'record',
    moment: 'before',
    work: ['artifacts', 'renewal', 'root'],
  },
  'some lines of an import kept': {
    file: 'database/import.store.js',
    class: 'ImportStore',
    method: 'append',
    moment: 'after',
    work: ['import'],
  },
  'recorded, nobody told': { ...NOTIFICATIONS, moment: 'before', argument: 'trs_change_waiting', work: ALL },
  'elected, nothing read': { ...READER, method: 'waitingChanges', moment: 'before', work: ALL },
  'changes read': { ...READER, method: 'waitingChanges', moment: 'after', work: ALL },
  'slice of the import read': { ...IMPORTS, method: 'nextSlice', moment: 'after', work: ['import'] },
  'state read': { ...READER, method: 'onlineKeys', moment: 'after', work: ALL },
  'planned, nothing written': { ...WRITER, method: 'numbered', moment: 'before', work: ALL },
  'revision numbered': { ...WRITER, method: 'numbered', moment: 'after', work: ALL },
  'artifacts listed': { ...WRITER, method: 'artifactsListed', moment: 'after', work: ['artifacts', 'import'] },
  'tasks settled': { ...WRITER, method: 'tasks', moment: 'after', work: ALL },
  'planned, nothing signed': { ...SIGNER, method: 'sign', moment: 'before', work: ALL },
  'one role signed': { ...ONLINE, moment: 'after', work: ALL },
  'all signed, nothing checked': { ...SIGNER, method: 'sign', moment: 'after', work: ALL },
  'versions written': { ...WRITER, method: 'metadataVersions', moment: 'after', work: ALL },
  'roles in force written': { ...WRITER, method: 'rolesInForce', moment: 'after', work: ALL },
  'metadata written': { ...WRITER, method: 'metadata', moment: 'after', work: ALL },
  'outcomes written': { ...WRITER, method: 'settlement', moment: 'after', work: ALL },
  'slice of the import settled': { ...IMPORTS, method: 'settleSlice', moment: 'after', work: ['import'] },
  'about to commit': { ...ANY_WRITE, commit: 'before', work: ALL },
  'commit sent': { ...ANY_WRITE, commit: 'sent', work: ALL },
  'commit answered': { ...ANY_WRITE, commit: 'after', work: ALL },
  'committed, nobody told': { ...NOTIFICATIONS, moment: 'before', argument: 'trs_revision_settled', work: ALL },
  'committed, told here': { ...NOTIFICATIONS, moment: 'after', argument: 'trs_revision_settled', work: ALL },
  'audit entries about to be chained': { ...AUDIT, moment: 'before', work: ['artifacts'] },
};
