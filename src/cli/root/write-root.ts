import type { Root, SignedMetadata } from '../../tuf/metadata.js';
import type { CommandContext } from '../command-context.js';
import { EXIT, type ExitCode } from '../command-error.js';
import { writeNewJson } from '../new-file.js';

/** Writes a root for a machine that reaches the service. */
export async function writeRoot(
  { output }: CommandContext,
  repository: string,
  root: SignedMetadata<Root>,
  file: string,
): Promise<ExitCode> {
  await writeNewJson(file, root);
  const command = `trs root send ${file} --repository ${repository}`;
  const { version } = root.signed;
  output.show(
    { repository, version, root: file, signedBy: root.signatures.map(({ keyid }) => keyid) },
    () => `Root version ${version} is in ${file}. From a machine with network: ${command}`,
  );
  return EXIT.fine;
}
