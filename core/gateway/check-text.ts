import { CONFIG_TEXT_BYTES_MAX } from '../protocol/limits.ts';
import type { Problem } from './problem.ts';

/**
 * Whether a text can be a config at all: not too large, no control characters, whole surrogate
 * pairs. Null when it can. One pass, before anything is parsed.
 */
export function checkText(text: string): Problem | null {
  // A UTF-16 unit is at least one byte of UTF-8, so this needs no look at the text.
  if (text.length > CONFIG_TEXT_BYTES_MAX) return tooLarge();
  let line = 1;
  let lineStart = 0;
  let bytes = text.length;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === 0x0a) {
      line += 1;
      lineStart = i + 1;
    } else if (code < 0x20 && code !== 0x09 && code !== 0x0d) {
      const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
      return refused(
        'binary',
        `This is not a text: it holds the control character ${name}. Open a YAML file.`,
        line,
        i - lineStart + 1,
      );
    } else if (code >= 0x80) {
      bytes += code < 0x800 ? 1 : 2;
      if (code < 0xd800 || code > 0xdfff) continue;
      const next = text.charCodeAt(i + 1);
      if (code > 0xdbff || !(next >= 0xdc00 && next <= 0xdfff)) {
        return refused(
          'bad-text',
          'This is not valid Unicode text: it holds half of a surrogate pair.',
          line,
          i - lineStart + 1,
        );
      }
      // Four bytes: two units in the length, and the two just added.
      i += 1;
    }
  }
  return bytes > CONFIG_TEXT_BYTES_MAX ? tooLarge() : null;
}

/** A problem of the whole text. */
export function refused(code: string, message: string, line = 1, column = 1): Problem {
  return { severity: 'error', code, message, pointer: '', line, column, resource: null };
}

function tooLarge(): Problem {
  const mebibytes = CONFIG_TEXT_BYTES_MAX / (1024 * 1024);
  return refused(
    'too-large',
    `This text is larger than ${mebibytes} MiB and was not read; split the config.`,
  );
}
