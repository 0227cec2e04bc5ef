import { err, ok } from '../../../core/lib/result.ts';
import { isTooLarge, TOO_LARGE_DETAIL } from '../config-texts.ts';
import type { ConsoleServices, RequestHandlers } from './console-services.ts';
import { type HistoryMethod, historyRequests } from './history-requests.ts';

const PUBLISH_WHILE_DOWN = {
  reason: 'control-plane-down',
  detail:
    'The control plane is down, so nothing can be published. The draft is kept; start the control plane and publish again.',
} as const;

type ConfigMethod =
  | HistoryMethod
  | 'list-drafts'
  | 'get-draft'
  | 'save-draft'
  | 'discard-draft'
  | 'validate'
  | 'publish'
  | 'rollback'
  | 'adopt-fleet';

/** Config, draft and history. */
export function configRequests(services: ConsoleServices): RequestHandlers<ConfigMethod> {
  return { ...draftRequests(services), ...publishRequests(services), ...historyRequests(services) };
}

function draftRequests(services: ConsoleServices) {
  const { drafts, texts, controlPlane } = services;
  return {
    'list-drafts': () => ok({ drafts: drafts.list }),
    'get-draft': ({ base }) => ok(drafts.read(base)),
    'save-draft': ({ text, base, expected }) => {
      if (isTooLarge(text)) return err({ reason: 'too-large', detail: TOO_LARGE_DETAIL });
      const savedAtMs = drafts.nextSavedAtMs(services.nowMs());
      const saved = drafts.save({ text, base, savedAtMs }, expected);
      return saved.ok ? ok({ savedAtMs }) : saved;
    },
    'discard-draft': ({ base }) => ok({ discarded: drafts.discard(base) }),
    validate: async ({ text }) => {
      if (isTooLarge(text)) return err({ reason: 'too-large', detail: TOO_LARGE_DETAIL });
      const checked = await controlPlane.request({ method: 'check-draft', text });
      if (checked.ok) {
        const { problems, rejections, delta } = checked.value;
        return ok({ problems, rejectingNodes: rejections, delta });
      }
      return ok({ problems: texts.parse(text).problems, rejectingNodes: null, delta: null });
    },
  } satisfies RequestHandlers<
    'list-drafts' | 'get-draft' | 'save-draft' | 'discard-draft' | 'validate'
  >;
}

function publishRequests(services: ConsoleServices) {
  const { model, publisher, controlPlane, operator } = services;
  const isDown = () => controlPlane.supervisor.status.state !== 'up';
  return {
    publish: ({ text, base, message, author, allowEmpty }) => {
      if (isDown()) return err(PUBLISH_WHILE_DOWN);
      return publisher.publish({
        text,
        base: base === undefined ? (model.head?.record.revision ?? null) : base,
        message,
        actor: author ?? operator,
        ...(allowEmpty === undefined ? {} : { allowEmpty }),
      });
    },
    rollback: ({ to, message, author, allowEmpty }) => {
      if (isDown()) return err(PUBLISH_WHILE_DOWN);
      return publisher.rollback({
        to,
        message: message ?? `Roll back to r${to}`,
        actor: author ?? operator,
        ...(allowEmpty === undefined ? {} : { allowEmpty }),
      });
    },
    'adopt-fleet': () => publisher.adopt(operator),
  } satisfies RequestHandlers<'publish' | 'rollback' | 'adopt-fleet'>;
}
