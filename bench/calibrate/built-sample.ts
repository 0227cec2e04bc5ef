import { buildDocuments } from '../../core/config/build-documents.ts';
import { parseConfig } from '../../core/gateway/parse-config.ts';
import type { CanonicalResource } from '../../core/gateway/resource-index.ts';
import { micros } from '../../core/ports/clock.ts';
import { sampleConfigText } from '../sample-config.ts';

/** The sample config as nodes are sent it. */
export function builtSample(routes: number, changedRoute = -1, salt = 0) {
  const { documents, rootHash } = buildDocuments(
    parseConfig(sampleConfigText(routes, changedRoute, salt)),
    { creationTimestampOf: () => '2026-01-01T00:00:00Z', now: micros(1) },
  );
  const resources: CanonicalResource[] = [];
  for (const { key, canonical } of documents) {
    if (key !== null && canonical !== null) resources.push({ key, body: JSON.parse(canonical) });
  }
  return { resources, rootHash };
}
