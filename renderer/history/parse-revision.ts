/** What `12` and `r12` name; null for anything else. */
export function parseRevision(text: string): number | null {
  const digits = /^r?([1-9][0-9]{0,14})$/i.exec(text.trim())?.[1];
  return digits === undefined ? null : Number(digits);
}
