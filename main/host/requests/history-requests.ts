import { EMPTY_ROOT_HASH, type ResourceKey, type Revision } from '../../../core/config/ids.ts';
import { isFound, searchWords } from '../../../core/config/revision-search.ts';
import { err, ok, type Result } from '../../../core/lib/result.ts';
import { toMs } from '../../../core/ports/clock.ts';
import type { ConsoleRefusal } from '../../../core/protocol/console-api.ts';
import type { ConfigText, RevisionRow } from '../../../core/protocol/console-model.ts';
import { CONTROL_PLANE_DOWN } from '../control-plane-link.ts';
import { revisionRowOf } from '../revision-row.ts';
import type { ConsoleServices, RequestAnswer, RequestHandlers } from './console-services.ts';

export type HistoryMethod =
  | 'get-config'
  | 'list-revisions'
  | 'get-blame'
  | 'diff-revisions'
  | 'get-convergence';

/** What was published: to list, to search, to open, to compare. */
export function historyRequests(services: ConsoleServices): RequestHandlers<HistoryMethod> {
  const { model, controlPlane, texts } = services;
  const withForecast = (row: RevisionRow): RevisionRow => {
    const { forecasts, lifecycle } = services;
    const { lineage } = lifecycle.planes;
    const forecast = forecasts.inShort(lineage, row.revision, row.convergence);
    return forecast === null ? row : { ...row, forecast };
  };
  return {
    'get-config': ({ revision }) => readConfig(services, revision),
    'list-revisions': async ({ before, limit, search }) => {
      const answer = await controlPlane.request({
        method: 'list-revisions',
        limit,
        ...(before === undefined ? {} : { before }),
        ...(search === undefined ? {} : { search }),
      });
      if (answer.ok) {
        const rows = answer.value.revisions.map((row) => revisionRowOf(row, row.convergence));
        return ok({ complete: true, revisions: rows.map(withForecast) });
      }
      if (answer.error.reason !== 'control-plane-down') return answer;
      const words = search === undefined ? [] : searchWords(search);
      const known = model.revisions.rows.filter(
        (row) => (before === undefined || row.revision < before) && isFound(row, [], words),
      );
      return ok({ complete: false, revisions: known.slice(0, limit).map(withForecast) });
    },
    'get-blame': ({ revision }) => readBlame(services, revision),
    'diff-revisions': async ({ from, to }) => {
      const [before, after] = await Promise.all([
        readStored(services, from),
        readStored(services, to),
      ]);
      if (!before.ok) return before;
      if (!after.ok) return after;
      const fromText = before.value.text;
      const toText = after.value.text;
      const unforced = { from: before.value.unforced, to: after.value.unforced };
      return ok({ from, to, changes: texts.diff(fromText, toText, unforced), fromText, toText });
    },
    'get-convergence': ({ revision }) =>
      controlPlane.request({ method: 'get-convergence', revision }),
  };
}

/** The head comes from the console's own copy, so it is there while the control plane is down. */
async function readConfig(
  { model, controlPlane }: ConsoleServices,
  revision: Revision | undefined,
): Promise<RequestAnswer<'get-config'>> {
  const { head } = model;
  if (revision === undefined && head === null) return ok(EMPTY_CONFIG);
  if (head !== null && (revision === undefined || revision === head.record.revision)) {
    const { record, text } = head;
    return ok({
      revision: record.revision,
      rootHash: record.rootHash,
      text,
      author: record.author,
      message: record.message,
      publishedAtMs: record.publishedAtMs,
    });
  }
  if (revision === undefined) return ok(EMPTY_CONFIG);
  const answer = await controlPlane.request({ method: 'get-revision', revision });
  if (!answer.ok) {
    if (answer.error.reason !== 'control-plane-down') return answer;
    return err({
      ...CONTROL_PLANE_DOWN,
      detail: `The control plane is down, so only the head can be read, not r${revision}.`,
    });
  }
  const { record, text } = answer.value;
  return ok({
    revision: record.revision,
    rootHash: record.rootHash,
    text,
    author: record.author,
    message: record.message,
    publishedAtMs: toMs(record.createdAt),
  });
}

interface StoredConfig {
  readonly text: string;
  readonly unforced: ReadonlySet<ResourceKey>;
}

/** With what is not in force in it, which only the control plane's store knows. */
async function readStored(
  services: ConsoleServices,
  revision: Revision,
): Promise<Result<StoredConfig, ConsoleRefusal>> {
  const answer = await services.controlPlane.request({ method: 'get-revision', revision });
  if (answer.ok) {
    const { text, unforced } = answer.value;
    return ok({ text, unforced: new Set(unforced) });
  }
  const config = await readConfig(services, revision);
  return config.ok ? ok({ text: config.value.text, unforced: new Set() }) : config;
}

const EMPTY_CONFIG: ConfigText = {
  revision: null,
  rootHash: EMPTY_ROOT_HASH,
  text: '',
  author: '',
  message: '',
  publishedAtMs: null,
};

/** The head's is remembered as it was last told, for when the control plane is down. */
async function readBlame(
  { controlPlane, blame, model }: ConsoleServices,
  revision: Revision | undefined,
): Promise<RequestAnswer<'get-blame'>> {
  const answer = await controlPlane.request({
    method: 'get-blame',
    ...(revision === undefined ? {} : { revision }),
  });
  if (answer.ok) {
    blame.heard(answer.value);
    return ok({ complete: true, ...answer.value });
  }
  if (answer.error.reason !== 'control-plane-down') return answer;
  const remembered = blame.read();
  const wanted = revision ?? model.head?.record.revision ?? null;
  if (wanted === null) return ok({ complete: false, revision: null, resources: [] });
  if (remembered !== null && remembered.revision === wanted) {
    return ok({ complete: false, revision: wanted, resources: remembered.resources });
  }
  return err({
    ...CONTROL_PLANE_DOWN,
    detail: `The control plane is down, and the console does not remember who last touched the resources of r${wanted}.`,
  });
}
