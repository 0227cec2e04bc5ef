import type { z } from 'zod';
import { err, ok, type Result } from '../lib/result.ts';

/** Why a frame could not be read. */
export interface DecodeError {
  readonly reason: 'not-utf8' | 'not-json' | 'bad-shape';
  readonly detail: string;
}

const decoder = createUtf8Decoder();

/** Decodes one JSON frame against a schema. Never throws, never lets an unchecked value through. */
export function decodeJson<S extends z.ZodType>(
  schema: S,
  frame: string | Uint8Array,
): Result<z.output<S>, DecodeError> {
  let text: string;
  if (typeof frame === 'string') text = frame;
  else {
    const decoded = decoder(frame);
    if (decoded === undefined) return err({ reason: 'not-utf8', detail: 'frame is not UTF-8' });
    text = decoded;
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return err({ reason: 'not-json', detail: 'frame is not JSON' });
  }
  return decodeValue(schema, value);
}

/** Checks an already structured value against a schema. */
export function decodeValue<S extends z.ZodType>(
  schema: S,
  value: unknown,
): Result<z.output<S>, DecodeError> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return ok(parsed.data);
  const issue = parsed.error.issues[0];
  const path = issue === undefined ? '' : issue.path.map(String).join('.');
  const detail = issue === undefined ? 'unexpected shape' : `${path || 'frame'}: ${issue.message}`;
  return err({ reason: 'bad-shape', detail: detail.slice(0, 300) });
}

/** `TextDecoder` exists in every host; its type is not in the pure library, so it is named here. */
interface Utf8Decoder {
  decode(bytes: Uint8Array): string;
}
declare const TextDecoder: new (label: string, options: { fatal: boolean }) => Utf8Decoder;

function createUtf8Decoder(): (bytes: Uint8Array) => string | undefined {
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  return (bytes) => {
    try {
      return utf8.decode(bytes);
    } catch {
      return undefined;
    }
  };
}
