import type { Command } from 'commander';
import type { BindAction } from '../bind-action.js';
import { parseRepositoryName, repositoryOption, waitOption } from '../options.js';
import { addArtifacts } from './add-artifacts.js';
import { downloadArtifacts } from './download-artifacts.js';
import { listArtifacts } from './list-artifacts.js';
import { removeArtifacts } from './remove-artifacts.js';

export function addArtifactCommands(program: Command, bind: BindAction): void {
  const artifact = program.command('artifact').description('Publish, list, remove and download artifacts');
  artifact
    .command('add')
    .description('Hash files and add them to a repository; the files themselves stay where you publish them')
    .argument('<files...>', 'files, and folders with all that is in them')
    .addOption(repositoryOption())
    .option('--prefix <folder>', 'goes before every artifact path')
    .option(
      '--base <folder>',
      'artifact paths are relative to this folder (default: file name, or path inside the folder given)',
    )
    .option('--custom <json>', 'a JSON object to publish with every file')
    .option('--idempotency-key <key>', 'makes repeating this command harmless: requests are named KEY-0001 and so on')
    .addOption(waitOption())
    .action(bind(addArtifacts));
  artifact
    .command('list')
    .description('List what clients can verify')
    .addOption(repositoryOption())
    .option('--prefix <text>', 'only paths that start with this')
    .action(bind(listArtifacts));
  artifact
    .command('remove')
    .description('Remove artifacts from a repository')
    .argument('<paths...>', 'artifact paths')
    .addOption(repositoryOption())
    .addOption(waitOption())
    .action(bind(removeArtifacts));
  artifact
    .command('download')
    .description('Download as a TUF client does: nothing is kept that the metadata does not vouch for')
    .argument('<paths...>', 'artifact paths')
    .requiredOption('--targets-url <url>', 'where the files are')
    .option('--metadata-url <url>', 'where the metadata is')
    .option('--repository <name>', 'in place of --metadata-url: a repository of the service', parseRepositoryName)
    .option('--root <file>', 'the trusted root to start from')
    .option('--out <folder>', 'where files go, under their artifact paths', '.')
    .option('--no-hash-prefix', 'files are at NAME rather than at HASH.NAME')
    .option('--trust-dir <folder>', 'where trusted metadata is kept (default: below ~/.local/share/trs)')
    .action(bind(downloadArtifacts));
}
