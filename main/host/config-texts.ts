import { diffConfigs, type UnforcedSides } from '../../core/config/diff-config.ts';
import { DocumentCache, type ParsedConfig, parseConfig } from '../../core/gateway/parse-config.ts';
import { deriveRequestShapes } from '../../core/gateway/request-shapes.ts';
import type { ResourceChange } from '../../core/protocol/console-model.ts';
import { CONFIG_TEXT_BYTES_MAX } from '../../core/protocol/limits.ts';
import type { RequestShape } from '../../core/protocol/simulator-control.ts';

/** Documents remembered, so that only what changed is parsed again. */
const DOCUMENTS_CACHED_MAX = 4_000;

/** What the host reads out of config texts by itself: all that must work without a control plane. */
export class ConfigTexts {
  readonly #cache = new DocumentCache(DOCUMENTS_CACHED_MAX);

  parse(text: string): ParsedConfig {
    return parseConfig(text, this.#cache);
  }

  diff(fromText: string, toText: string, unforced?: UnforcedSides): ResourceChange[] {
    return diffConfigs(this.parse(fromText), this.parse(toText), unforced);
  }

  shapes(text: string): readonly RequestShape[] {
    const resources = this.parse(text).documents.flatMap(({ known, key, body }) =>
      known && body !== null ? [{ key, body }] : [],
    );
    return deriveRequestShapes(resources);
  }
}

/** Whether a text is more than may be parsed. */
export function isTooLarge(text: string): boolean {
  return Buffer.byteLength(text, 'utf8') > CONFIG_TEXT_BYTES_MAX;
}

export const TOO_LARGE_DETAIL = `The config is over ${CONFIG_TEXT_BYTES_MAX / 1024 / 1024} MiB; split it.`;
