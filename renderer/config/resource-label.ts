/** A resource's key as people read it: without the API version of unknown kinds. */
export function resourceLabel(key: string): string {
  const unreadable = /^unreadable!\/(\d+)$/.exec(key);
  if (unreadable !== null) return `document ${unreadable[1]}, unreadable`;
  // Cluster-scoped resources have an empty namespace.
  return key.slice(key.indexOf('!') + 1).replace('//', '/');
}
