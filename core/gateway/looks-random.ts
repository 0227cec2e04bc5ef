/** Characters of a value that the look of chance is judged by. */
const JUDGED_CHARS_MAX = 512;
/** Shorter values are never judged: too many names would look like passwords. */
export const CHANCE_CHARS_MIN = 16;
const CHANCE_DISTINCT_MIN = 8;

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** What says itself that it is a hash: `sha256:…` of an image, `sha384-…` of a script. */
const NAMED_HASH = /^(?:sha(?:1|224|256|384|512)|md5|blake[23][a-z]?)[:=-]/i;

const SECRET_NAME =
  /(?:pass(?:word|wd|phrase|code)|pwd|secret|token|credential|auth|authorization|(?:api|access|secret|private|signing|encryption|shared|auth|master|account|storage)key)s?$/;
/** Under the name of a secret these tell of it and are not it: `token: {issuer: …, sha256: …}`. */
const HARMLESS_NAME =
  /(?:hash|digest|sha[0-9]{1,3}|md5|fingerprint|thumbprint|checksum|id|kid|name|ref|url|uri|path|host|issuer|audience|public|publickey|cert|certificate|bundle|image|version|revision|serial|etag|type|description)s?$/;

/**
 * Whether a value looks drawn by chance, as keys and tokens do and names do not: long, of many
 * different characters, and changing between capitals, small letters and digits all the time.
 */
export function looksRandom(value: string): boolean {
  if (value.length < CHANCE_CHARS_MIN || /[\s$<{]/.test(value) || UUID.test(value)) return false;
  if (value.includes('://') || value.startsWith('/') || NAMED_HASH.test(value)) return false;
  const judged = value.slice(0, JUDGED_CHARS_MAX);
  let changes = 0;
  let before = 0;
  for (let i = 0; i < judged.length; i += 1) {
    const kind = characterKind(judged.charCodeAt(i));
    if (kind === 0) continue;
    if (before !== 0 && kind !== before) changes += 1;
    before = kind;
  }
  return new Set(judged).size >= CHANCE_DISTINCT_MIN && changes * 4 >= judged.length;
}

/** The secret that `name` says its value is, or holds by what it stands under; '' for none. */
export function secretNameOf(name: string, inherited: string): string {
  const plain = name.toLowerCase().replaceAll(/[-_.]/g, '');
  if (SECRET_NAME.test(plain)) return name;
  return HARMLESS_NAME.test(plain) ? '' : inherited;
}

/** 1: small letter, 2: capital, 3: digit, 0: anything else. */
function characterKind(code: number): number {
  if (code >= 0x61 && code <= 0x7a) return 1;
  if (code >= 0x41 && code <= 0x5a) return 2;
  return code >= 0x30 && code <= 0x39 ? 3 : 0;
}
