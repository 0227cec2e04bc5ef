import {
  isJsonList,
  isJsonObject,
  type Json,
  type JsonObject,
  pointerTo,
  stringAt,
} from './json.ts';
import { PRIVATE_JWK_MEMBERS } from './policy/jwk.ts';
import type { Report } from './shape.ts';

/** Problems reported of one document; a person mends the first and sees the next. */
const SECRETS_REPORTED_MAX = 10;
/** Characters of a value that the look of chance is judged by. */
const JUDGED_CHARS_MAX = 512;
const CHANCE_CHARS_MIN = 16;
const CHANCE_DISTINCT_MIN = 8;

/** Cheap, and found in every text that any shape below could match. */
const PROBE =
  /PRIVATE KEY|LS0tLS1CRUdJTi|AKIA|ASIA|gh[opusr]_|github_pat_|glpat-|xox[abeoprs]-|hooks\.slack\.com|k_live_|AIza|npm_|SG\.|hvs\.|sk-(?:ant|proj)-|AccountKey=|:\/\/[^\s/?#@]{0,200}@|eyJ/;

/** Repetitions are of fixed length, so that each search is linear. */
const SHAPES: readonly { readonly what: string; readonly pattern: RegExp }[] = [
  { what: 'a private key', pattern: /-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY/ },
  {
    // "-----BEGIN …PRIVATE KEY" in base64, as `data` of Secrets has it.
    what: 'a private key',
    pattern:
      /LS0tLS1CRUdJTi(?:BQUklWQVRFIEtFWS|BSU0EgUFJJVkFURSBLRVkt|BFQyBQUklWQVRFIEtFWS|BPUEVOU1NIIFBSSVZBVEUgS0VZ|BFTkNSWVBURUQgUFJJVkFURSBLRVkt)/,
  },
  { what: 'an AWS access key', pattern: /(?:^|[^A-Za-z0-9])A[KS]IA[A-Z0-9]{16}(?![A-Za-z0-9])/ },
  { what: 'a GitHub token', pattern: /(?:gh[opusr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{50})/ },
  { what: 'a GitLab token', pattern: /glpat-[A-Za-z0-9_-]{20}/ },
  { what: 'a Slack token', pattern: /xox[abeoprs]-[A-Za-z0-9]{1,13}-[A-Za-z0-9-]{8}/ },
  { what: 'a Slack webhook', pattern: /hooks\.slack\.com\/services\/T[A-Z0-9]{1,14}\/B/ },
  { what: 'a Stripe key', pattern: /[rs]k_live_[A-Za-z0-9]{16}/ },
  { what: 'a Google API key', pattern: /AIza[A-Za-z0-9_-]{35}/ },
  { what: 'an npm token', pattern: /npm_[A-Za-z0-9]{36}/ },
  { what: 'a SendGrid key', pattern: /SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}/ },
  { what: 'a Vault token', pattern: /hvs\.[A-Za-z0-9_-]{24}/ },
  { what: 'a key of a model service', pattern: /sk-(?:ant|proj)-[A-Za-z0-9_-]{20}/ },
  { what: 'an Azure account key', pattern: /AccountKey=[A-Za-z0-9+/]{40}/ },
  {
    // Eight characters with a digit and a letter; what stands for a variable is none.
    what: 'a password in a URL',
    pattern:
      /:\/\/[^\s/?#:@]{0,64}:(?=[^@]{0,128}[0-9])(?=[^@]{0,128}[A-Za-z])[^\s/?#:@$<{*]{8,128}@/,
  },
];

const SECRET_NAME = /(?:password|passwd|passphrase|secret|token|apikey|accesskey|privatekey)s?$/;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Refuses what looks like a secret, in values and comments alike: history keeps every version, and
 * nodes write it to their disks. Says what it looks like and never what it is. Linear in the text.
 */
export function checkSecrets(source: string, value: JsonObject, report: Report): void {
  let reported = 0;
  const refuse = (pointer: string, what: string) => {
    reported += 1;
    if (reported > SECRETS_REPORTED_MAX) return;
    report('error', 'secret', pointer, refusalOf(what));
  };
  const isProbed = PROBE.test(source);
  // A sealed or external Secret holds ciphertext and names, under the names of what they hide.
  const judgesChance = !(stringAt(value, 'kind') ?? '').endsWith('Secret');
  walk(value, '', '', { isProbed, judgesChance, refuse });
  if (!isProbed || reported > 0) return;
  const what = shapeOfSecret(source);
  if (what !== null) refuse('', `${what} in a comment or a key`);
}

/** What a text holds that no config may hold; null for anything else. */
export function shapeOfSecret(text: string): string | null {
  if (!PROBE.test(text)) return null;
  for (const { what, pattern } of SHAPES) if (pattern.test(text)) return what;
  return text.includes('eyJ') && holdsToken(text) ? 'a signed token (JWT)' : null;
}

/**
 * Whether a value looks drawn by chance, as keys and tokens do and names do not: long, of many
 * different characters, and changing between capitals, small letters and digits all the time.
 */
export function looksRandom(value: string): boolean {
  if (value.length < CHANCE_CHARS_MIN || /[\s$<{]/.test(value) || UUID.test(value)) return false;
  if (value.includes('://') || value.startsWith('/')) return false;
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

interface Walk {
  readonly isProbed: boolean;
  readonly judgesChance: boolean;
  readonly refuse: (pointer: string, what: string) => void;
}

/** `name`: what the value is called, by its key or by the `name` beside it. */
function walk(value: Json, name: string, pointer: string, by: Walk): void {
  if (typeof value === 'string') {
    checkValue(value, name, pointer, by);
  } else if (isJsonList(value)) {
    value.forEach((item, index) => {
      walk(item, name, pointerTo(pointer, index), by);
    });
  } else if (isJsonObject(value)) {
    checkJwk(value, pointer, by);
    // Of the document itself that is said with its kind; a List may hold others.
    const isSecret = stringAt(value, 'kind') === 'Secret' && stringAt(value, 'apiVersion') === 'v1';
    if (isSecret && pointer !== '') {
      by.refuse(pointer, 'a Secret');
      return;
    }
    const called = stringAt(value, 'name');
    for (const [key, member] of Object.entries(value)) {
      const isNamed = key === 'value' && called !== undefined;
      walk(member, isNamed ? called : key, pointerTo(pointer, key), by);
    }
  }
}

function checkValue(value: string, name: string, pointer: string, by: Walk): void {
  const what = by.isProbed ? shapeOfSecret(value) : null;
  if (what !== null) {
    by.refuse(pointer, what);
    return;
  }
  if (value.includes('"kty"') && /"(?:d|p|q|dp|dq|qi|oth|k)" {0,4}:/.test(value)) {
    by.refuse(pointer, 'the private part of a key (JWK)');
    return;
  }
  if (!by.judgesChance || value.length < CHANCE_CHARS_MIN) return;
  const plain = name.toLowerCase().replaceAll('-', '').replaceAll('_', '').replaceAll('.', '');
  const isCredential = plain === 'authorization' || plain === 'proxyauthorization';
  const judged = isCredential ? value.slice(value.indexOf(' ') + 1) : value;
  if ((isCredential || SECRET_NAME.test(plain)) && looksRandom(judged)) {
    by.refuse(pointer, `a secret, going by the name ${name.slice(0, 60)}`);
  }
}

function checkJwk(value: JsonObject, pointer: string, { refuse }: Walk): void {
  if (stringAt(value, 'kty') === undefined) return;
  for (const member of PRIVATE_JWK_MEMBERS) {
    if (!Object.hasOwn(value, member)) continue;
    refuse(pointerTo(pointer, member), 'the private part of a key (JWK)');
    return;
  }
}

/** Three parts of base64url, the first two of them JSON objects. */
function holdsToken(text: string): boolean {
  return text.split(/[^A-Za-z0-9_.-]/).some((word) => {
    const parts = word.split('.');
    return parts.some((part, index) => {
      const body = parts[index + 1] ?? '';
      const isHead = part.includes('eyJ') && part.length >= 16;
      return isHead && body.startsWith('eyJ') && (parts[index + 2] ?? '').length >= 16;
    });
  });
}

/** 1: small letter, 2: capital, 3: digit, 0: anything else. */
function characterKind(code: number): number {
  if (code >= 0x61 && code <= 0x7a) return 1;
  if (code >= 0x41 && code <= 0x5a) return 2;
  return code >= 0x30 && code <= 0x39 ? 3 : 0;
}

function refusalOf(what: string): string {
  return `This looks like ${what}. A config keeps every version and goes to every node, so it holds no secrets: take it out, put a hash, a public key or the name of a Secret in its place, and replace the secret if it was real.`;
}
