import type { Root, SignedMetadata } from '../../tuf/metadata.js';
import { keysOfTopLevelRole } from '../../tuf/root-trust.js';
import type { TargetsSigners } from '../ceremony/first-root.js';
import type { CommandContext } from '../command-context.js';
import { type ExitCode, usageError } from '../command-error.js';
import { assertConfirmable, type ConfirmationFlags } from '../confirmation.js';
import { reviewRoot } from '../events/signing-review.js';
import type { PassphraseFlags } from '../keys/passphrase.js';
import { readPublicKey } from '../keys/public-key.js';
import { type NamedKey, namedKey } from '../keys/public-key-file.js';
import { trustedSigner } from '../keys/trusted-signer.js';
import { unlockKeys } from '../keys/unlock-keys.js';
import { assertNotThere } from '../new-file.js';
import type { Service } from '../service.js';
import { signedWith } from '../signing/signatures.js';
import { confirmRoot } from './confirm-root.js';
import { nextRoot, type RootEdit } from './next-root.js';
import type { OnlineKeyFlag } from './online-key-flag.js';
import { gatherOnlineKeyChoices } from './online-keys.js';
import { nextRootExpiry } from './root-expiry.js';
import { parseSignedRoot, readRootMetadata, servedRoot, versionInForce } from './root-in-force.js';
import { proposeRoot } from './send-root.js';
import { writeRoot } from './write-root.js';

export interface EditRootFlags extends PassphraseFlags, ConfirmationFlags {
  readonly repository: string;
  readonly addRootKey?: readonly string[];
  readonly removeRootKey?: readonly string[];
  readonly threshold?: number;
  readonly onlineKey?: readonly OnlineKeyFlag[];
  readonly targetsKey?: readonly string[];
  readonly targetsThreshold?: number;
  readonly expiryDays?: number;
  readonly signWith?: readonly string[];
  readonly in?: string;
  readonly out?: string;
  readonly wait: number;
}

/** Makes the next root from the one in force, signs it with the keys that are here, and proposes it or writes it. */
export async function editRoot(context: CommandContext, flags: EditRootFlags): Promise<ExitCode> {
  const { repository, out } = flags;
  assertConfirmable(context, flags);
  if (out !== undefined) await assertNotThere(out);
  const service = flags.in !== undefined && out !== undefined ? null : await context.connect();
  const previous = await rootToEdit(service, flags);
  const root = previous.signed;
  const edit = await gatherEdit(context, root, flags);
  const draft = nextRoot(root, edit);
  const trusted = [draft, root].map((either) => keysOfTopLevelRole(either, 'root'));
  const gathered = await unlockKeys(context, flags.signWith ?? [], flags);
  const signers = gathered.map((one) =>
    trustedSigner(one, trusted, `root version ${root.version} or ${draft.version}`),
  );
  const onlineKeys = await gatherOnlineKeyChoices(context, flags.onlineKey ?? [], { repository, root, service });
  const next = nextRoot(root, { ...edit, onlineKeys });

  await confirmRoot(
    context,
    reviewRoot({ signatures: [], signed: next }, previous, new Date()),
    signers,
    service,
    flags,
  );

  const signed = await signedWith(next, trusted, signers);
  if (out === undefined && service) return proposeRoot(context, service, repository, signed, flags.wait);
  return writeRoot(context, repository, signed, out ?? '');
}

async function rootToEdit(service: Service | null, flags: EditRootFlags): Promise<SignedMetadata<Root>> {
  if (flags.in !== undefined) return parseSignedRoot(await readRootMetadata(flags.in), flags.in);
  if (!service) throw usageError('--in FILE is missing');
  const version = await versionInForce(service, flags.repository);
  const document = await servedRoot(service, flags.repository, version);
  return parseSignedRoot(document, `root version ${version} of ${flags.repository}`);
}

async function targetsSigners(
  context: CommandContext,
  root: Root,
  flags: EditRootFlags,
): Promise<TargetsSigners | null> {
  const { targetsKey: files = [], targetsThreshold } = flags;
  if (files.length === 0) {
    if (targetsThreshold !== undefined) throw usageError('--targets-key FILE is missing');
    return null;
  }
  const keys = [];
  for (const key of files) keys.push(keyIn(root, key) ?? (await readPublicKey(context, key, flags)));
  return { keys, threshold: targetsThreshold ?? keys.length };
}

function keyIn({ keys }: Root, id: string): NamedKey | null {
  const known = Object.entries(keys).find(([keyid]) => keyid === id);
  return known ? namedKey(known[1]) : null;
}

async function gatherEdit(context: CommandContext, root: Root, flags: EditRootFlags): Promise<RootEdit> {
  const addRootKeys = [];
  for (const file of flags.addRootKey ?? []) addRootKeys.push(await readPublicKey(context, file, flags));
  return {
    addRootKeys,
    removeRootKeys: flags.removeRootKey ?? [],
    threshold: flags.threshold,
    onlineKeys: new Map(),
    targets: await targetsSigners(context, root, flags),
    expires: nextRootExpiry(root, flags.expiryDays, new Date()),
  };
}
