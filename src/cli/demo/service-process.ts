// The service as the demo's child: it ends by itself, database and all, when the demo is gone.
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));

await import('../../main.js');
