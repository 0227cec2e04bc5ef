import { editDocument } from '../../core/gateway/edit/edit-document.ts';
import type { EditOp, TextEdit } from '../../core/gateway/edit/edit-op.ts';
import {
  isJsonList,
  isJsonObject,
  type Json,
  listAt,
  objectAt,
  pointerTo,
  stringAt,
} from '../../core/gateway/json.ts';
import type { ParsedConfig, ParsedDocument } from '../../core/gateway/parse-config.ts';
import { err, ok, type Result } from '../../core/lib/result.ts';

/** What stands under these names refers to a resource; the kind where none is stated. */
const REFERENCES: Readonly<Record<string, string>> = {
  parentRefs: 'Gateway',
  parentRef: 'Gateway',
  backendRefs: 'Service',
  backendRef: 'Service',
  targetRefs: '',
  extensionRef: '',
  /** Of a ReferenceGrant. */
  to: '',
};
/** What a suite can expect to answer. */
const ANSWERING_KINDS: readonly string[] = ['Service', 'Backend'];

export interface Renaming {
  /** In the offsets of each document that changes, which are named by their order in the text. */
  readonly edits: readonly { readonly index: number; readonly edits: readonly TextEdit[] }[];
  /** Other resources whose references follow, in the order of the text. */
  readonly followed: readonly string[];
}

/** Renames a resource, and what refers to it by name. Edits are in offsets of each document. */
export function renameResource(
  parsed: ParsedConfig,
  key: string,
  name: string,
): Result<Renaming, string> {
  const renamed = parsed.documents.find((document) => document.key === key);
  if (renamed === undefined || renamed.body === null) {
    return err('This resource cannot be read; mend its problems first.');
  }
  if (!/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/.test(name)) {
    return err('A name is made of lower-case letters, digits, dashes and dots.');
  }
  const taken = parsed.documents.some(
    (each) =>
      each.kind === renamed.kind && each.namespace === renamed.namespace && each.name === name,
  );
  if (taken) return err(`There is a ${renamed.kind} ${name} already.`);
  const isOnlyAnswer = !parsed.documents.some(
    (each) => each !== renamed && ANSWERING_KINDS.includes(each.kind) && isSameName(each, renamed),
  );
  const out: { index: number; edits: readonly TextEdit[] }[] = [];
  for (const [index, document] of parsed.documents.entries()) {
    const ops = [
      ...opsFor(document, renamed, name),
      ...(isOnlyAnswer ? expectationOps(document, renamed, name) : []),
    ];
    if (ops.length === 0) continue;
    const edits = editDocument(document.source, ops);
    if (!edits.ok) return err(`${document.kind} ${document.name} cannot be changed along with it.`);
    out.push({ index, edits: edits.value });
  }
  const followed = out.flatMap(({ index }) => {
    const document = parsed.documents[index];
    return document === undefined || document === renamed ? [] : [document.key];
  });
  return ok({ edits: out, followed });
}

function isSameName(a: ParsedDocument, b: ParsedDocument): boolean {
  return a.namespace === b.namespace && a.name === b.name;
}

/** A suite names the backend that it expects as `namespace/name`, whichever kind it is. */
function expectationOps(document: ParsedDocument, renamed: ParsedDocument, name: string): EditOp[] {
  if (document.kind !== 'RequestSuite' || !ANSWERING_KINDS.includes(renamed.kind)) return [];
  const was = `${renamed.namespace}/${renamed.name}`;
  const requests = listAt(objectAt(document.body ?? {}, 'spec'), 'requests');
  return requests.flatMap((request, at): EditOp[] =>
    stringAt(objectAt(request, 'expect'), 'backend') === was
      ? [
          {
            op: 'set',
            pointer: `${pointerTo('/spec/requests', at)}/expect/backend`,
            value: `${renamed.namespace}/${name}`,
          },
        ]
      : [],
  );
}

function opsFor(document: ParsedDocument, renamed: ParsedDocument, name: string): EditOp[] {
  if (document === renamed) {
    return [
      { op: 'set', pointer: '/metadata/name', value: name },
      ...referenceOps(document, renamed, name),
    ];
  }
  return document.body === null ? [] : referenceOps(document, renamed, name);
}

function referenceOps(document: ParsedDocument, renamed: ParsedDocument, name: string): EditOp[] {
  const ops: EditOp[] = [];
  const visit = (value: Json, pointer: string, under: string | null): void => {
    if (isJsonList(value)) {
      for (const [index, item] of value.entries()) visit(item, pointerTo(pointer, index), under);
    } else if (isJsonObject(value)) {
      if (under !== null && refersTo(value, under, document, renamed)) {
        ops.push({ op: 'set', pointer: pointerTo(pointer, 'name'), value: name });
      }
      for (const [member, child] of Object.entries(value)) {
        const isReference =
          Object.hasOwn(REFERENCES, member) &&
          (member !== 'to' || document.kind === 'ReferenceGrant');
        visit(child, pointerTo(pointer, member), isReference ? member : null);
      }
    }
  };
  if (document.body !== null) visit(document.body, '', null);
  return ops;
}

function refersTo(
  reference: Json,
  under: string,
  document: ParsedDocument,
  renamed: ParsedDocument,
): boolean {
  const kind = stringAt(reference, 'kind') ?? REFERENCES[under];
  const namespace = stringAt(reference, 'namespace') ?? document.namespace;
  return (
    kind === renamed.kind &&
    stringAt(reference, 'name') === renamed.name &&
    namespace === renamed.namespace
  );
}
