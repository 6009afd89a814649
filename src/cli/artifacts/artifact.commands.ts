import { type Command, Option } from 'commander';
import type { BindAction } from '../bind-action.js';
import { parseRepositoryName, repositoryOption, waitOption } from '../options.js';
import { addArtifacts } from './add-artifacts.js';
import { downloadArtifacts } from './download-artifacts.js';
import { exportArtifacts } from './export-artifacts.js';
import { importArtifacts } from './imports/import-artifacts.js';
import { listArtifacts } from './list-artifacts.js';
import { removeArtifacts } from './remove-artifacts.js';

const IMPORT_WAIT_SECONDS = 3_600;

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
    .command('import')
    .description('Import artifacts from files that describe them, of any size: NDJSON or CSV, also gzipped')
    .argument('<files...>', 'files named .ndjson, .jsonl or .csv, or those with .gz; "-" is the standard input')
    .addOption(repositoryOption())
    .addOption(formatOption('what is in the files, where their names do not say'))
    .option('--refused <file>', 'a new file for all lines that are refused, as NDJSON')
    .option('--idempotency-key <key>', 'repeating this command with the same key returns the import of the first time')
    .addOption(waitOption().default(IMPORT_WAIT_SECONDS))
    .action(bind(importArtifacts));
  artifact
    .command('export')
    .description('Write all artifacts in a form that can be imported')
    .addOption(repositoryOption())
    .addOption(formatOption('the form (default: as the name of the file says, or else ndjson)'))
    .option('--output <file>', 'a new file, compressed where its name ends with .gz (default: standard output)')
    .action(bind(exportArtifacts));
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

function formatOption(description: string): Option {
  return new Option('--format <format>', description).choices(['ndjson', 'csv']);
}
