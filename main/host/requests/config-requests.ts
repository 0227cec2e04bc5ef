import { EMPTY_ROOT_HASH, type Revision } from '../../../core/config/ids.ts';
import { err, ok } from '../../../core/lib/result.ts';
import { toMs } from '../../../core/ports/clock.ts';
import type { ConfigText } from '../../../core/protocol/console-model.ts';
import { isTooLarge, TOO_LARGE_DETAIL } from '../config-texts.ts';
import { CONTROL_PLANE_DOWN } from '../control-plane-link.ts';
import { revisionRowOf } from '../revision-row.ts';
import type { ConsoleServices, RequestAnswer, RequestHandlers } from './console-services.ts';

const PUBLISH_WHILE_DOWN = {
  reason: 'control-plane-down',
  detail:
    'The control plane is down, so nothing can be published. The draft is kept; start the control plane and publish again.',
} as const;

type ConfigMethod =
  | 'get-config'
  | 'get-draft'
  | 'save-draft'
  | 'discard-draft'
  | 'validate'
  | 'publish'
  | 'rollback'
  | 'adopt-fleet'
  | 'list-revisions'
  | 'diff-revisions'
  | 'get-convergence';

/** Config, draft and history. */
export function configRequests(services: ConsoleServices): RequestHandlers<ConfigMethod> {
  return { ...draftRequests(services), ...publishRequests(services), ...historyRequests(services) };
}

function draftRequests(services: ConsoleServices) {
  const { drafts, texts, controlPlane } = services;
  return {
    'get-draft': () => ok(drafts.read()),
    'save-draft': ({ text, base }) => {
      if (isTooLarge(text)) return err({ reason: 'too-large', detail: TOO_LARGE_DETAIL });
      const savedAtMs = services.nowMs();
      drafts.save({ text, base, savedAtMs });
      return ok({ savedAtMs });
    },
    'discard-draft': () => ok({ discarded: drafts.discard() }),
    validate: async ({ text }) => {
      if (isTooLarge(text)) return err({ reason: 'too-large', detail: TOO_LARGE_DETAIL });
      const checked = await controlPlane.request({ method: 'check-draft', text });
      if (checked.ok) {
        return ok({ problems: checked.value.problems, rejectingNodes: checked.value.rejections });
      }
      return ok({ problems: texts.parse(text).problems, rejectingNodes: null });
    },
  } satisfies RequestHandlers<'get-draft' | 'save-draft' | 'discard-draft' | 'validate'>;
}

function publishRequests(services: ConsoleServices) {
  const { model, publisher, controlPlane, operator } = services;
  const isDown = () => controlPlane.supervisor.status.state !== 'up';
  return {
    publish: ({ text, base, message, author }) => {
      if (isDown()) return err(PUBLISH_WHILE_DOWN);
      return publisher.publish({
        text,
        base: base === undefined ? (model.head?.record.revision ?? null) : base,
        message,
        actor: author ?? operator,
      });
    },
    rollback: ({ to, message, author }) => {
      if (isDown()) return err(PUBLISH_WHILE_DOWN);
      return publisher.rollback(to, message ?? `Roll back to r${to}`, author ?? operator);
    },
    'adopt-fleet': () => publisher.adopt(operator),
  } satisfies RequestHandlers<'publish' | 'rollback' | 'adopt-fleet'>;
}

function historyRequests(services: ConsoleServices) {
  const { model, controlPlane, texts } = services;
  return {
    'get-config': ({ revision }) => readConfig(services, revision),
    'list-revisions': async ({ before, limit }) => {
      const answer = await controlPlane.request({
        method: 'list-revisions',
        limit,
        ...(before === undefined ? {} : { before }),
      });
      if (answer.ok) {
        const rows = answer.value.revisions.map((row) => revisionRowOf(row, row.convergence));
        return ok({ complete: true, revisions: rows });
      }
      if (answer.error.reason !== 'control-plane-down') return answer;
      const known = model.revisions.rows.filter(
        (row) => before === undefined || row.revision < before,
      );
      return ok({ complete: false, revisions: known.slice(0, limit) });
    },
    'diff-revisions': async ({ from, to }) => {
      const [before, after] = await Promise.all([
        readConfig(services, from),
        readConfig(services, to),
      ]);
      if (!before.ok) return before;
      if (!after.ok) return after;
      const fromText = before.value.text;
      const toText = after.value.text;
      return ok({ from, to, changes: texts.diff(fromText, toText), fromText, toText });
    },
    'get-convergence': ({ revision }) =>
      controlPlane.request({ method: 'get-convergence', revision }),
  } satisfies RequestHandlers<
    'get-config' | 'list-revisions' | 'diff-revisions' | 'get-convergence'
  >;
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

const EMPTY_CONFIG: ConfigText = {
  revision: null,
  rootHash: EMPTY_ROOT_HASH,
  text: '',
  author: '',
  message: '',
  publishedAtMs: null,
};
