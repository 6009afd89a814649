/** How often processes are killed in a run, unless TRS_CRASH_ROUNDS says so. */
const ROUNDS = 200;

/**
 * Splits the rounds: each named step so often, the rest at random moments.
 * @param steps how many named steps there are; each is reached at least once.
 */
export function roundsFor(steps: number): { readonly named: number; readonly random: number } {
  const rounds = Number(process.env.TRS_CRASH_ROUNDS ?? ROUNDS);
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error('TRS_CRASH_ROUNDS must be a whole number of at least 1');
  const named = Math.max(1, Math.floor((rounds * 0.7) / steps));
  return { named, random: Math.max(0, rounds - named * steps) };
}
