import type { DocumentBody } from '../../../../core/ports/store.ts';
import { knownDocument, unknownDocument } from '../../../core/config/config-arbitraries.ts';

/** What the publish loop publishes as a revision: some documents change, come and go each round. */
export function documentsOfRound(round: number): DocumentBody[] {
  const documents: DocumentBody[] = [];
  for (let n = 0; n < 12; n += 1) {
    if ((n + round) % 11 === 0) continue;
    const version = round - ((round + n) % 6);
    documents.push(knownDocument(`HTTPRoute/shop/r${n}`, { version, pad: 'x'.repeat(400) }));
  }
  documents.splice(round % 10, 0, unknownDocument('x!Widget//w', `round: ${round}\n`));
  return documents;
}
