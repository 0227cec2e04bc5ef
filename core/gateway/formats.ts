/** Checks of strings: each returns what a right value looks like, or null when the value is right. */
export interface Format {
  readonly code: string;
  wrong(value: string): string | null;
}

const LABEL = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;
const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+\-.^_`|~]+$/;
const KIND = /^[a-zA-Z](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?$/;
const DURATION = /^(?:[0-9]{1,5}(?:h|ms|m|s)){1,4}$/;
const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;
const IPV4 = /^\d{1,3}(?:\.\d{1,3}){3}$/;
const PATH = /^(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|%[0-9a-fA-F]{2})+$/;
const LABEL_NAME = /^[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?$/;

export function isDnsLabel(value: string): boolean {
  return value.length <= 63 && LABEL.test(value);
}

export function isDnsSubdomain(value: string): boolean {
  return value.length <= 253 && value.split('.').every((label) => isDnsLabel(label));
}

export const dnsLabel: Format = {
  code: 'bad-name',
  wrong: (value) =>
    isDnsLabel(value)
      ? null
      : 'must be a DNS label: lower-case letters, digits and hyphens, at most 63 characters',
};

export const dnsSubdomain: Format = {
  code: 'bad-name',
  wrong: (value) =>
    isDnsSubdomain(value)
      ? null
      : 'must be a DNS name: lower-case letters, digits, hyphens and dots, at most 253 characters',
};

export const optionalGroup: Format = {
  code: 'bad-name',
  wrong: (value) => (value === '' ? null : dnsSubdomain.wrong(value)),
};

export const kindName: Format = {
  code: 'bad-name',
  wrong: (value) =>
    value.length <= 63 && KIND.test(value) ? null : 'must be a kind, such as Service',
};

/** A hostname without wildcard, such as a redirect goes to. */
export const preciseHostname: Format = {
  code: 'bad-hostname',
  wrong: (value) => {
    if (IPV4.test(value)) return 'must be a hostname, not an IP address';
    return isDnsSubdomain(value)
      ? null
      : 'must be a lower-case hostname such as shop.example.com, without port or scheme';
  },
};

/** A hostname that may begin with `*.`. */
export const hostname: Format = {
  code: 'bad-hostname',
  wrong: (value) => {
    if (value.startsWith('*.')) {
      return isDnsSubdomain(value.slice(2)) && value.length <= 253
        ? null
        : 'must have a hostname after "*."';
    }
    if (value.includes('*'))
      return 'may hold "*" only as its whole first label, as in *.example.com';
    return preciseHostname.wrong(value);
  },
};

/** Where a Backend's endpoint listens: a hostname or an IP address. */
export const endpointHost: Format = {
  code: 'bad-hostname',
  wrong: (value) =>
    isDnsSubdomain(value) || (/^[0-9a-fA-F:.]{2,45}$/.test(value) && value.includes(':'))
      ? null
      : 'must be a lower-case hostname or an IP address, without port',
};

export const headerName: Format = {
  code: 'bad-header-name',
  wrong: (value) =>
    value.length <= 256 && HEADER_NAME.test(value)
      ? null
      : 'must be an HTTP header name: letters, digits and hyphens, at most 256 characters',
};

export const headerValue: Format = {
  code: 'bad-header-value',
  wrong: (value) => {
    if (value.length > 4096) return 'must have at most 4,096 characters';
    return hasControlCharacter(value) ? 'must not hold line breaks or control characters' : null;
  },
};

export const matchValue: Format = {
  code: 'bad-match-value',
  wrong: (value) =>
    value.length >= 1 && value.length <= 4096 ? null : 'must have 1 to 4,096 characters',
};

export const queryName: Format = {
  code: 'bad-query-name',
  wrong: (value) =>
    value.length >= 1 && value.length <= 256 ? null : 'must have 1 to 256 characters',
};

export const duration: Format = {
  code: 'bad-duration',
  wrong: (value) =>
    DURATION.test(value) ? null : 'must be a duration such as 500ms, 10s or 1m30s',
};

export const timestamp: Format = {
  code: 'bad-timestamp',
  wrong: (value) => (RFC_3339.test(value) ? null : 'must be a time such as 2026-03-01T09:30:00Z'),
};

export const labelKey: Format = {
  code: 'bad-label',
  wrong: (value) => {
    const slash = value.indexOf('/');
    const name = value.slice(slash + 1);
    const prefixOk = slash < 0 || isDnsSubdomain(value.slice(0, slash));
    return prefixOk && name.length <= 63 && LABEL_NAME.test(name)
      ? null
      : 'must be a label key such as team or example.com/team';
  },
};

export const labelValue: Format = {
  code: 'bad-label',
  wrong: (value) =>
    value === '' || (value.length <= 63 && LABEL_NAME.test(value))
      ? null
      : 'must be a label value: letters, digits, "-", "_" and ".", at most 63 characters',
};

/** What is wrong with the value of an Exact or PathPrefix match, or of a replacement. */
export function wrongPath(value: string): string | null {
  if (!value.startsWith('/')) return 'must begin with "/"';
  if (value.length > 1024) return 'must have at most 1,024 characters';
  if (value.includes('//')) return 'must not hold "//"';
  if (/\/\.\.?(?:\/|$)/.test(value)) return 'must not hold "." or ".." as a path element';
  if (/%2f/i.test(value)) return 'must not hold an encoded "/"';
  if (value.includes('#')) return 'must not hold "#"';
  if (value.includes('?')) return 'must not hold "?": match the query with queryParams';
  return PATH.test(value) ? null : 'holds a character that a URL path cannot hold';
}

/** Milliseconds of a duration that has the right form; null otherwise. */
export function durationMs(value: string): number | null {
  if (!DURATION.test(value)) return null;
  const units: Record<string, number> = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };
  let sum = 0;
  for (const [, amount, unit] of value.matchAll(/([0-9]+)(h|ms|m|s)/g)) {
    sum += Number(amount) * (units[unit ?? ''] ?? 0);
  }
  return sum;
}

function hasControlCharacter(value: string): boolean {
  for (let i = 0; i < value.length; i += 1) {
    const code = value.charCodeAt(i);
    if ((code < 0x20 && code !== 0x09) || code === 0x7f) return true;
  }
  return false;
}
