export default async function globalTeardown() {
  await globalThis.trsTestPostgres?.stop();
  delete globalThis.trsTestPostgres;
}
