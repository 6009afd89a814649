import { type Command, Option } from 'commander';
import { WEBHOOK_EVENT_TYPES } from '../../database/webhook-event.js';
import type { BindAction } from '../bind-action.js';
import { gathered, parsePageLimit } from '../options.js';
import { addWebhook } from './add-webhook.js';
import { editWebhook } from './edit-webhook.js';
import { listDeliveries } from './list-deliveries.js';
import { listWebhooks } from './list-webhooks.js';
import { removeWebhook } from './remove-webhook.js';
import { retryDelivery } from './retry-delivery.js';
import { testWebhook } from './test-webhook.js';

const EVENTS = `one of ${WEBHOOK_EVENT_TYPES.join(', ')}`;
const eventOption = () => gathered('--event <type>', `what it is told of: ${EVENTS}`);
const repositoriesOption = () => gathered('--repository <name>', 'a repository that it is told of');

export function addWebhookCommands(program: Command, bind: BindAction): void {
  const webhook = program.command('webhook').description('Have others told what happens');
  addEditingCommands(webhook, bind);
  addDeliveryCommands(webhook, bind);
}

function addEditingCommands(webhook: Command, bind: BindAction): void {
  webhook
    .command('add')
    .description('Have messages about what happens sent to an address; of everything, unless told otherwise')
    .requiredOption('--name <name>', 'what people call it')
    .requiredOption('--url <url>', 'where messages go')
    .addOption(eventOption())
    .addOption(repositoriesOption())
    .option('--out <file>', 'writes the secret into a new file that only you can read, instead of showing it')
    .action(bind(addWebhook));
  webhook.command('list').description('List webhooks').action(bind(listWebhooks));
  webhook
    .command('edit')
    .description('Change what a webhook is told of; what is left out stays')
    .argument('<id>', 'the id of the webhook')
    .option('--name <name>', 'what people call it')
    .addOption(eventOption())
    .addOption(repositoriesOption())
    .addOption(new Option('--all-repositories', 'it is told of all').conflicts('repository'))
    .option('--enable', 'it is told again, first what waits')
    .addOption(new Option('--disable', 'it is told nothing for now').conflicts('enable'))
    .action(bind(editWebhook));
  webhook
    .command('remove')
    .description('Remove a webhook, with everything that it was still to be told')
    .argument('<id>', 'the id of the webhook')
    .action(bind(removeWebhook));
}

function addDeliveryCommands(webhook: Command, bind: BindAction): void {
  webhook
    .command('test')
    .description('Have a message sent now; exit code 0 when it was taken')
    .argument('<id>', 'the id of the webhook')
    .action(bind(testWebhook));
  webhook
    .command('deliveries')
    .description('List what a webhook was told, and is still to be told, newest first')
    .argument('<id>', 'the id of the webhook')
    .addOption(new Option('--limit <count>', 'how many at most').argParser(parsePageLimit).default(50))
    .action(bind(listDeliveries));
  webhook
    .command('retry')
    .description('Have a message sent again now that waits, or was given up')
    .argument('<id>', 'the id of the webhook')
    .argument('<event>', 'the id of the event')
    .action(bind(retryDelivery));
}
