import type { JsonObject } from '../../../core/gateway/json.ts';
import type { Problem } from '../../../core/gateway/problem.ts';
import type { Touch } from '../../../core/protocol/console-model.ts';

/** One resource of the draft, as the form shows it. The text is the truth; this is read from it. */
export interface FormDocument {
  readonly key: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** Null when the text cannot be read; `problems` then say where. */
  readonly body: JsonObject | null;
  /** Those of this document, with pointers into `body`. */
  readonly problems: readonly Problem[];
  /** Pointers that differ from the head. */
  readonly changed: readonly string[];
  readonly touched: Touch | null;
}

/** What exists in the draft, for pickers. */
export interface FormReferences {
  readonly gateways: readonly {
    readonly namespace: string;
    readonly name: string;
    readonly listeners: readonly {
      readonly name: string;
      readonly port: number;
      readonly protocol: string;
      readonly hostname: string;
    }[];
  }[];
  readonly backends: readonly {
    readonly kind: 'Service' | 'Backend';
    readonly namespace: string;
    readonly name: string;
    readonly ports: readonly number[];
  }[];
  readonly routes: readonly {
    readonly namespace: string;
    readonly name: string;
    readonly rules: readonly string[];
  }[];
  readonly flags: readonly {
    readonly namespace: string;
    readonly name: string;
    readonly summary: string;
  }[];
  readonly namespaces: readonly string[];
  readonly cells: readonly string[];
}
