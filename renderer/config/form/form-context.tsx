import {
  createContext,
  type ReactNode,
  useContext,
  useLayoutEffect,
  useMemo,
  useState,
  useSyncExternalStore,
} from 'react';
import type { EditOp } from '../../../core/gateway/edit/edit-op.ts';
import type { JsonObject } from '../../../core/gateway/json.ts';
import type { Problem } from '../../../core/gateway/problem.ts';
import { assert } from '../../../core/lib/assert.ts';
import { AnchorRegistry } from './anchor-registry.ts';
import type { FormDocument, FormReferences } from './form-model.ts';
import { placeProblems } from './place-problems.ts';

/** What every part of a form has at hand. */
export interface FormScope {
  readonly document: FormDocument;
  readonly body: JsonObject;
  readonly references: FormReferences;
  /** Nothing happens for no operations. The label names the field, so that typing in it is one undo. */
  readonly edit: (ops: readonly EditOp[], label: string) => void;
  /** Puts a document at the end of the config. */
  readonly addDocument: (source: string, label: string) => void;
  readonly placed: ReadonlyMap<string, readonly Problem[]>;
  readonly anchors: AnchorRegistry;
}

const Scope = createContext<FormScope | null>(null);

export function FormProvider(props: {
  readonly document: FormDocument;
  readonly body: JsonObject;
  readonly references: FormReferences;
  readonly onEdit: (ops: readonly EditOp[], label: string) => void;
  readonly onAddDocument: (source: string, label: string) => void;
  readonly children: ReactNode;
}) {
  const { document, body, references, onEdit, onAddDocument } = props;
  const [anchors] = useState(() => new AnchorRegistry());
  const inSight = useSyncExternalStore(anchors.subscribe, anchors.snapshot);
  const placed = useMemo(
    () => placeProblems(document.problems, inSight),
    [document.problems, inSight],
  );
  const scope = useMemo(
    (): FormScope => ({
      document,
      body,
      references,
      edit: (ops, label) => {
        if (ops.length > 0) onEdit(ops, label);
      },
      addDocument: onAddDocument,
      placed,
      anchors,
    }),
    [document, body, references, onEdit, onAddDocument, placed, anchors],
  );
  return <Scope value={scope}>{props.children}</Scope>;
}

export function useForm(): FormScope {
  const scope = useContext(Scope);
  assert(scope !== null, 'a form part outside of its form');
  return scope;
}

const NO_PROBLEMS: readonly Problem[] = [];

/** Makes this part the place of the problems at and under a pointer, and gives them. */
export function useProblemsAt(pointer: string): readonly Problem[] {
  const { anchors, placed } = useForm();
  useLayoutEffect(() => anchors.add(pointer), [anchors, pointer]);
  return placed.get(pointer) ?? NO_PROBLEMS;
}
