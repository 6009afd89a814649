// The service as the demo's child: it ends by itself, database and all, when the demo is gone.
const demoIsGone = new Promise<void>((resolve) => process.once('disconnect', () => resolve()));

await import('../../main.js'); // returns when it listens, so that the signal meets its handler
await demoIsGone;
process.kill(process.pid, 'SIGTERM');
