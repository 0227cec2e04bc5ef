import { looksRandom } from './looks-random.ts';
import { decodeBase64Url } from './policy/base64url.ts';

/** What looks like a secret in a text, and where; never what it is. */
export interface FoundSecret {
  readonly offset: number;
  /** Behind its last character that was looked at. */
  readonly end: number;
  /** `a GitHub token`, to stand after "looks like". */
  readonly what: string;
}

/** Cheap, and found in every text that any shape below could match. */
const PROBE =
  /PRIVATE KEY|LS0tLS1CRUdJTi|IBADANBgkqhkiG9w0B|IBAAKCA|MIGHAgEAMBMGByqGSM49|MHcCAQEEI|MC4CAQAwBQYDK2Vw|AKIA|ASIA|gh[opusr]_|github_pat_|glpat-|xox[abeoprs]-|hooks\.slack\.com|k_live_|AIza|npm_|SG\.|hvs\.|sk-(?:ant|proj)-|AccountKey=|:\/\/[^\s/?#@]{0,200}@|eyJ/;

/** The same for `password: …` and `Bearer …` within a text. */
const NAMED_PROBE =
  /(?:pass(?:word|wd|phrase|code)|pwd|secret|token|credential|auth|authorization|key)s?\\?["']?\s{0,4}[:=]|bearer\s|basic\s/i;

/** Repetitions are of fixed length, so that each search is linear. */
const SHAPES: readonly { readonly what: string; readonly pattern: RegExp }[] = [
  { what: 'a private key', pattern: /-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY/g },
  {
    // "-----BEGIN …PRIVATE KEY" in base64, as `data` of Secrets has it.
    what: 'a private key',
    pattern:
      /LS0tLS1CRUdJTi(?:BQUklWQVRFIEtFWS|BSU0EgUFJJVkFURSBLRVkt|BFQyBQUklWQVRFIEtFWS|BPUEVOU1NIIFBSSVZBVEUgS0VZ|BFTkNSWVBURUQgUFJJVkFURSBLRVkt)/g,
  },
  {
    // The body of one: PKCS #8 and PKCS #1 of RSA, PKCS #8 and SEC 1 of P-256, Ed25519.
    what: 'a private key',
    pattern:
      /MII[A-Za-z0-9+/]{3}IBA(?:DANBgkqhkiG9w0B|AKCA)|MIGHAgEAMBMGByqGSM49|MHcCAQEEI[A-Za-z0-9+/]{40}|MC4CAQAwBQYDK2Vw/g,
  },
  { what: 'an AWS access key', pattern: /(?<![A-Za-z0-9])A[KS]IA[A-Z0-9]{16}(?![A-Za-z0-9])/g },
  {
    what: 'a GitHub token',
    pattern: /(?:gh[opusr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{50})/g,
  },
  { what: 'a GitLab token', pattern: /glpat-[A-Za-z0-9_-]{20}/g },
  { what: 'a Slack token', pattern: /xox[abeoprs]-[A-Za-z0-9]{1,13}-[A-Za-z0-9-]{8}/g },
  { what: 'a Slack webhook', pattern: /hooks\.slack\.com\/services\/T[A-Z0-9]{1,14}\/B/g },
  { what: 'a Stripe key', pattern: /[rs]k_live_[A-Za-z0-9]{16}/g },
  { what: 'a Google API key', pattern: /AIza[A-Za-z0-9_-]{35}/g },
  { what: 'an npm token', pattern: /npm_[A-Za-z0-9]{36}/g },
  { what: 'a SendGrid key', pattern: /SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}/g },
  { what: 'a Vault token', pattern: /hvs\.[A-Za-z0-9_-]{24}/g },
  { what: 'a key of a model service', pattern: /sk-(?:ant|proj)-[A-Za-z0-9_-]{20}/g },
  { what: 'an Azure account key', pattern: /AccountKey=[A-Za-z0-9+/]{40}/g },
  {
    // What stands for a variable is none, nor is the word that stands for one in examples.
    what: 'a password in a URL',
    pattern:
      /:\/\/[^\s/?#:@]{0,64}:(?!(?:pass|passwd|password|x{1,16}|redacted|placeholder)@)[^\s/?#:@$<{*"'%][^\s/?#:@$<{*"']{0,127}@/gi,
  },
];

/** A name of a secret, then its value: `password: …`, `?api_key=…`, `"token": "…"`. */
const NAMED =
  /((?:pass(?:word|wd|phrase|code)|pwd|secret|token|credential|(?:api|access|secret|private|signing|encryption|shared|auth|master|account|storage)[-_. ]?key)s?)\\?["']?\s{0,4}[:=]\s{0,4}\\?["']?([^\s"'`&,;#<>(){}$[\]|\\]{16,512})/gi;
const BEARER = /\bbearer\s{1,4}([A-Za-z0-9._~+/=-]{16,512})/gi;
const BASIC = /\bbasic\s{1,4}([A-Za-z0-9+/_-]{4,512}={0,2})/gi;
const PRIVATE_JWK_MEMBER = /"(?:d|p|q|dp|dq|qi|oth|k)" {0,4}:/;

/** What a text holds by its shape alone, at most `max`, first by first. Linear in the text. */
export function findShapes(text: string, max: number): FoundSecret[] {
  if (!PROBE.test(text)) return [];
  const found: FoundSecret[] = [];
  for (const { what, pattern } of SHAPES) {
    let count = 0;
    for (const match of text.matchAll(pattern)) {
      found.push({ ...placeOf(match), what });
      count += 1;
      if (count >= max) break;
    }
  }
  if (text.includes('eyJ')) found.push(...findTokens(text, max));
  return firstOf(found, max);
}

/** A JWK with a private member, as JSON in a text. */
export function findPrivateJwk(text: string): FoundSecret[] {
  const offset = text.indexOf('"kty"');
  const isPrivate = offset >= 0 && PRIVATE_JWK_MEMBER.test(text);
  return isPrivate ? [{ offset, end: offset, what: 'the private part of a key (JWK)' }] : [];
}

/**
 * What a text holds by its shape, or says of itself: a value that looks drawn by chance behind the
 * name of a secret or behind `Bearer`, and `Basic` credentials.
 */
export function findSecrets(text: string, max: number): FoundSecret[] {
  const found = [...findShapes(text, max), ...findPrivateJwk(text)];
  if (!NAMED_PROBE.test(text)) return found;
  const add = (pattern: RegExp, what: (match: RegExpExecArray) => string | null) => {
    let count = 0;
    for (const match of text.matchAll(pattern)) {
      const said = what(match);
      if (said === null) continue;
      found.push({ ...placeOf(match), what: said });
      count += 1;
      if (count >= max) break;
    }
  };
  add(BEARER, ([, value = '']) => (looksRandom(value) ? 'a bearer token' : null));
  add(BASIC, ([, value = '']) => (isNameAndPassword(value) ? 'Basic credentials' : null));
  add(NAMED, ([, name = '', value = '']) =>
    // Code and prose are full of CamelCase behind such names; without a digit it is most likely that.
    /[0-9]/.test(value) && looksRandom(value) ? `a secret, going by the name ${name}` : null,
  );
  return firstOf(found, max);
}

/** Of the value, where the pattern has it in its last group; else of all that matched. */
function placeOf(match: RegExpExecArray): Pick<FoundSecret, 'offset' | 'end'> {
  const end = match.index + match[0].length;
  const value = match.at(-1) ?? '';
  return { offset: match.length > 1 ? end - value.length : match.index, end };
}

/** By place. One secret is told once: a shape, found first, says more than a name. */
function firstOf(found: readonly FoundSecret[], max: number): FoundSecret[] {
  const kept: FoundSecret[] = [];
  for (const secret of found) {
    const isTold = kept.some(({ offset, end }) => secret.offset < end && offset < secret.end);
    if (!isTold) kept.push(secret);
  }
  return kept.sort((a, b) => a.offset - b.offset).slice(0, max);
}

/** Three parts of base64url, the first two of them JSON objects. */
function findTokens(text: string, max: number): FoundSecret[] {
  const found: FoundSecret[] = [];
  for (const match of text.matchAll(/[A-Za-z0-9_.-]+/g)) {
    const parts = match[0].split('.');
    const isToken = parts.some((part, index) => {
      const isHead = part.includes('eyJ') && part.length >= 16;
      const body = parts[index + 1] ?? '';
      return isHead && body.startsWith('eyJ') && (parts[index + 2] ?? '').length >= 16;
    });
    if (isToken) found.push({ ...placeOf(match), what: 'a signed token (JWT)' });
    if (found.length >= max) break;
  }
  return found;
}

/** Whether base64 says `name:password` in printable ASCII, as RFC 7617 has it. */
function isNameAndPassword(value: string): boolean {
  const bytes = decodeBase64Url(
    value.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', ''),
  );
  if (bytes === null || bytes.some((byte) => byte < 0x20 || byte > 0x7e)) return false;
  const colon = bytes.indexOf(0x3a);
  return colon >= 0 && colon < bytes.length - 1;
}
