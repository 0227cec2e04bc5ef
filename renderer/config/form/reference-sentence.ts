import { integerAt, type Json, stringAt } from '../../../core/gateway/json.ts';
import type { Word, Words } from './words.ts';

/** A backend as a name: `cart-v1 : 8080`, `billing/cart-v1 : 8080`. */
export function referenceSentence(reference: Json): Words {
  const namespace = stringAt(reference, 'namespace');
  const name = stringAt(reference, 'name') ?? '?';
  const port = integerAt(reference, 'port');
  const words: Word[] = [{ code: namespace === undefined ? name : `${namespace}/${name}` }];
  if (port !== undefined) words.push(' : ', { code: String(port) });
  return words;
}

/** A parent of a route: `public / https`, with port when only that is stated. */
export function parentSentence(parent: Json): Words {
  const namespace = stringAt(parent, 'namespace');
  const name = stringAt(parent, 'name') ?? '?';
  const section = stringAt(parent, 'sectionName');
  const port = integerAt(parent, 'port');
  const words: Word[] = [{ code: namespace === undefined ? name : `${namespace}/${name}` }];
  const kind = stringAt(parent, 'kind');
  if (kind !== undefined && kind !== 'Gateway') words.unshift(`${kind} `);
  if (section !== undefined) words.push(' / ', { code: section });
  if (port !== undefined) words.push(`, port ${port}`);
  return section === undefined && port === undefined ? [...words, ', every listener'] : words;
}

/** What a policy holds for: `route checkout, rule pay`. */
export function targetSentence(target: Json): Words {
  const kind = stringAt(target, 'kind');
  const section = stringAt(target, 'sectionName');
  const isRoute = kind === 'HTTPRoute';
  const noun = isRoute ? 'route' : kind === 'Gateway' ? 'gateway' : (kind ?? 'something');
  const words: Word[] = [`${noun} `, { code: stringAt(target, 'name') ?? '?' }];
  if (section !== undefined) words.push(isRoute ? ', rule ' : ', listener ', { code: section });
  return words;
}
