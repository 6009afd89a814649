/** Bodies that work when pasted: the examples of the single fields do not go together. */
export const CREATE_KEY_EXAMPLES = {
  generated: {
    summary: 'An online key that the service generates',
    value: { name: 'demo online', owner: 'release team', scheme: 'ed25519' },
  },
  offline: {
    summary: 'An offline key of which only the public half is here',
    value: {
      name: 'root 1',
      owner: 'Alice',
      key: {
        keytype: 'ed25519',
        scheme: 'ed25519',
        // Its private half was thrown away.
        keyval: { public: 'a9a8f7d8227f3e7417bb447f8c4f667861337a1e5595dfa3db00647aaea7cd08' },
      },
    },
  },
};
