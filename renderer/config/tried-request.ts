import type { GatewayRequest } from '../../core/gateway/route.ts';
import { readHeader, requestOfUrl } from '../../core/gateway/suite/request-of-url.ts';
import { err, ok, type Result } from '../../core/lib/result.ts';
import type { TriedRequest } from './try-store.ts';

/** Headers written one a line; an error is a sentence. */
export function headersOf(text: string): Result<Readonly<Record<string, string>>, string> {
  const headers: Record<string, string> = {};
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const header = readHeader(line);
    if (!header.ok) return header;
    const [name, value] = header.value;
    Object.defineProperty(headers, name, { value, enumerable: true });
  }
  return ok(headers);
}

/** What a node gets to see of it. A URL without a scheme is taken for https. */
export function gatewayRequestOf(tried: TriedRequest): Result<GatewayRequest, string> {
  if (tried.url.trim() === '') return err('Write a URL, for instance https://shop.example.com/.');
  const headers = headersOf(tried.headers);
  if (!headers.ok) return headers;
  return requestOfUrl({ method: tried.method, url: wholeUrl(tried.url), headers: headers.value });
}

/** The URL as it would be sent: people leave the scheme out. */
export function wholeUrl(url: string): string {
  const trimmed = url.trim();
  return /^[a-z]+:\/\//i.test(trimmed) ? trimmed : `https://${trimmed}`;
}
