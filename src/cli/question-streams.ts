/** Questions go to stderr, for stdout belongs to the result. */
export const questionStreams = { output: process.stderr };
