/** Bytes of a text in UTF-8, without encoding it. A lone surrogate counts as U+FFFD: 3 bytes. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    if (unit < 0x800) {
      bytes += 1;
      continue;
    }
    bytes += 2;
    if (unit < 0xd800 || unit > 0xdbff) continue;
    const next = text.charCodeAt(i + 1);
    // A pair is two units and four bytes: 2 + 2 so far, and the low half adds nothing more.
    if (next >= 0xdc00 && next <= 0xdfff) i += 1;
  }
  return bytes;
}
