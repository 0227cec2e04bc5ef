import type { JsonObject } from '../../../core/gateway/json.ts';
import type { Problem } from '../../../core/gateway/problem.ts';
import type { CompletionNames } from '../../../core/gateway/schema/completion.ts';
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

/** What exists in the draft, for pickers: what completion knows, and more of listeners. */
export interface FormReferences extends CompletionNames {
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
}
