import type { z } from 'zod';
import { err, type Result } from '../../../core/lib/result.ts';
import { withoutFullStop } from '../../../core/lib/sentence.ts';
import {
  type ConsoleMethod,
  type ConsoleRefusal,
  type ConsoleResults,
  consoleRequestSchemas,
} from '../../../core/protocol/console-api.ts';
import { decodeValue } from '../../../core/protocol/decode-json.ts';
import { sqliteErrorText } from '../../control-plane/store/sqlite-error-text.ts';
import type { RequestHandlers } from './console-services.ts';

/** The schemas by what they give, so that a method and its parameters stay tied together. */
const SCHEMAS: {
  readonly [M in ConsoleMethod]: z.ZodType<z.output<(typeof consoleRequestSchemas)[M]>>;
} = consoleRequestSchemas;

/** Longest that any request may take. */
const REQUEST_TIMEOUT_MS = 90_000;

/** Checks what clients ask and hands it to the one handler of its method. */
export class RequestRouter {
  readonly #handlers: RequestHandlers<ConsoleMethod>;
  readonly #onFailure: (method: string, error: unknown) => void;

  constructor(
    handlers: RequestHandlers<ConsoleMethod>,
    onFailure: (method: string, error: unknown) => void,
  ) {
    this.#handlers = handlers;
    this.#onFailure = onFailure;
  }

  /** Never rejects. `gone` tells that the client that asked is gone. */
  async answer(
    method: string,
    params: unknown,
    gone: AbortSignal,
  ): Promise<Result<unknown, ConsoleRefusal>> {
    if (!isMethod(method)) {
      return err({ reason: 'unknown-method', detail: `There is no request named ${method}.` });
    }
    try {
      return await withTimeout(this.#call(method, params, gone));
    } catch (error) {
      this.#onFailure(method, error);
      const stored = sqliteErrorText(error);
      if (stored !== null) {
        const detail = `The console’s own file could not be used for ${method}: ${stored}. Make room on its disk, or see that the file can be written, and try again.`;
        return err({ reason: 'storage-failed', detail });
      }
      const detail = `The console failed at ${method}; see its event log.`;
      return err({ reason: 'internal', detail });
    }
  }

  async #call<M extends ConsoleMethod>(
    method: M,
    params: unknown,
    gone: AbortSignal,
  ): Promise<Result<ConsoleResults[M], ConsoleRefusal>> {
    const decoded = decodeValue(SCHEMAS[method], params);
    if (!decoded.ok) {
      const why = withoutFullStop(decoded.error.detail);
      return err({ reason: 'bad-request', detail: `The request cannot be taken: ${why}.` });
    }
    return this.#handlers[method](decoded.value, gone);
  }
}

function isMethod(method: string): method is ConsoleMethod {
  return Object.hasOwn(consoleRequestSchemas, method);
}

function withTimeout<T>(
  answer: Promise<Result<T, ConsoleRefusal>>,
): Promise<Result<T, ConsoleRefusal>> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      resolve(err({ reason: 'timeout', detail: 'It took too long; look whether it was done.' }));
    }, REQUEST_TIMEOUT_MS);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
