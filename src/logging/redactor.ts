const REDACTED = '[redacted]';

/** What is shorter occurs by chance. */
const SHORTEST_SECRET = 8;

/** What looks like a secret, whoever's it is; each keeps what tells where it stood. */
const SHAPES: readonly (readonly [RegExp, string])[] = [
  [/\btrs_(?:[0-9A-Za-z]{49}|[\w-]{43})(?![\w-])/g, REDACTED], // as they are made now, and as they were
  [/\b(Bearer|Basic)\s+[^\s"'\\,;]+/gi, `$1 ${REDACTED}`],
  [/\bwhsec_[A-Za-z0-9+/]{20,}=*/g, REDACTED],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, REDACTED],
  [/(\b[a-z][a-z0-9+.-]*:\/\/[^\s:@/"]*):[^\s@/"]+@/gi, `$1:${REDACTED}@`],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/gs, REDACTED],
  [/\b(pin-value|secret|password|passphrase)=[^&;\s"'\\]+/gi, `$1=${REDACTED}`],
  [/([?&](?:access_)?token)=[^&\s"'\\]+/gi, `$1=${REDACTED}`], // `token` in a PKCS #11 URI is the name of one
];

/**
 * The last thing that a line of the log passes: whatever a message, or an error of a library, carries along, neither
 * the service's own secrets nor what looks like somebody's is written.
 */
export class Redactor {
  private readonly known: readonly string[];

  constructor(secrets: readonly string[]) {
    const spelled = secrets.filter(({ length }) => length >= SHORTEST_SECRET).flatMap(spellings);
    this.known = [...new Set(spelled)].sort((left, right) => right.length - left.length); // the whole before its part
  }

  redact(line: string): string {
    const own = this.known.reduce((text, secret) => text.replaceAll(secret, REDACTED), line);
    return SHAPES.reduce((text, [shape, replacement]) => text.replace(shape, replacement), own);
  }
}

/** As it is, as it stands in JSON, and as in a URL. */
function spellings(secret: string): string[] {
  return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)];
}
