/**
 * What became of the resources that a publish touched; `changed` counts those that are gone, too.
 * `3 resources changed`, `2 changed, 1 removed`, `86 resources removed`.
 */
export function changedInWords(changed: number, removed: number): string {
  if (removed === 0) return `${counted(changed)} changed`;
  if (removed === changed) return `${counted(removed)} removed`;
  return `${grouped(changed - removed)} changed, ${grouped(removed)} removed`;
}

function counted(resources: number): string {
  return resources === 1 ? '1 resource' : `${grouped(resources)} resources`;
}

/** `1,234` */
function grouped(value: number): string {
  const digits = String(value);
  let out = '';
  for (let at = 0; at < digits.length; at += 1) {
    if (at > 0 && (digits.length - at) % 3 === 0) out += ',';
    out += digits.charAt(at);
  }
  return out;
}
