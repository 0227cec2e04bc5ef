import { Button, Checkbox, TextInput } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { ResourceKey, Revision } from '../../core/config/ids.ts';
import type { Blame, ResourceTouch } from '../../core/protocol/console-model.ts';
import { getClient } from '../client.ts';
import { getDraftController } from '../config/draft-session.ts';
import { useDraft } from '../config/draft-store.ts';
import { resourceLabel } from '../config/resource-label.ts';
import { formatCount } from '../format/format.ts';
import { useNow } from '../state/use-now.ts';
import classes from './history.module.css';
import { textTouchInWords, touchInWords } from './touch-words.ts';

const ROW_PX = 28;

type BlameLoad =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly detail: string }
  | { readonly kind: 'loaded'; readonly blame: Blame };

/** The resources of a revision, who last touched each, and the way back into the draft for some. */
export function RevisionResources(props: {
  readonly revision: Revision;
  readonly text: string;
  /** Changes when a request that failed may succeed now. */
  readonly attempt: string;
}) {
  const state = useRevisionBlame(props.revision, props.attempt);
  if (state.kind === 'loading') return <p className={classes.empty}>Loading the resources.</p>;
  if (state.kind === 'failed') {
    return <p className={classes.empty}>The resources cannot be listed now. {state.detail}</p>;
  }
  return (
    <ResourceList
      key={props.revision}
      revision={props.revision}
      text={props.text}
      blame={state.blame}
    />
  );
}

function ResourceList(props: {
  readonly revision: Revision;
  readonly text: string;
  readonly blame: Blame;
}) {
  const [wanted, setWanted] = useState('');
  const [chosen, setChosen] = useState<ReadonlySet<ResourceKey>>(new Set());
  const shown = useMemo(() => {
    const words = wanted.toLowerCase().trim();
    return props.blame.resources.filter(({ key }) => key.toLowerCase().includes(words));
  }, [props.blame, wanted]);
  const toggle = (key: ResourceKey) => {
    const next = new Set(chosen);
    if (!next.delete(key)) next.add(key);
    setChosen(next);
  };
  return (
    <div className={classes.resources}>
      <div className={classes.resourceBar}>
        <TextInput
          aria-label="Find a resource"
          placeholder="Find a resource"
          size="xs"
          w={240}
          value={wanted}
          onChange={(event) => setWanted(event.currentTarget.value)}
        />
        <span className={classes.qualifier}>
          {formatCount(shown.length)} of {formatCount(props.blame.resources.length)} resources
          {props.blame.complete ? '' : ', as the console remembers them'}
        </span>
        <span className={classes.barSpace} />
        <RestoreControls {...props} chosen={chosen} onDone={() => setChosen(new Set())} />
      </div>
      <ResourceRows shown={shown} chosen={chosen} onToggle={toggle} />
    </div>
  );
}

function RestoreControls(props: {
  readonly revision: Revision;
  readonly text: string;
  readonly chosen: ReadonlySet<ResourceKey>;
  readonly onDone: () => void;
}) {
  const { revision, text, chosen } = props;
  const [said, setSaid] = useState('');
  const ready = useDraft((state) => state.phase === 'ready');
  // The draft is read when history is opened without config having been.
  useEffect(() => void getDraftController(), []);
  async function restore(): Promise<void> {
    const restored = await getDraftController().restore(text, [...chosen]);
    if (!restored.ok) {
      setSaid(restored.error);
      return;
    }
    const count = chosen.size === 1 ? 'one resource' : `${formatCount(chosen.size)} resources`;
    if (!restored.value) {
      setSaid(`The draft has ${count} as in r${revision} already.`);
      return;
    }
    setSaid(`The draft has ${count} as in r${revision} now. Open Config to look and publish.`);
    props.onDone();
  }
  return (
    <>
      <span className={classes.qualifier} role="status">
        {said}
      </span>
      <Button size="xs" disabled={chosen.size === 0 || !ready} onClick={() => void restore()}>
        {chosen.size === 0
          ? 'Restore into the draft'
          : `Restore ${formatCount(chosen.size)} into the draft`}
      </Button>
    </>
  );
}

function ResourceRows(props: {
  readonly shown: readonly ResourceTouch[];
  readonly chosen: ReadonlySet<ResourceKey>;
  readonly onToggle: (key: ResourceKey) => void;
}) {
  const nowMs = useNow(60_000);
  const scroll = useRef<HTMLElement>(null);
  const virtual = useVirtualizer({
    count: props.shown.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_PX,
    overscan: 10,
  });
  if (props.shown.length === 0) return <p className={classes.empty}>No such resource here.</p>;
  return (
    <section
      ref={scroll}
      aria-label="Resources of this revision"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
      tabIndex={0}
      className={classes.resourceScroll}
    >
      <div className={classes.space} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const touch = props.shown[item.index];
          if (touch === undefined) return null;
          const text = textTouchInWords(touch, nowMs);
          return (
            <div
              key={touch.key}
              className={classes.resourceRow}
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <Checkbox
                size="xs"
                label={<span className="hf-mono">{resourceLabel(touch.key)}</span>}
                checked={props.chosen.has(touch.key)}
                onChange={() => props.onToggle(touch.key)}
              />
              <span className={classes.clip}>
                last touched in {touchInWords(touch, nowMs)}
                {text !== null && <span className="hf-muted"> · {text}</span>}
              </span>
            </div>
          );
        })}
      </div>
    </section>
  );
}

function useRevisionBlame(revision: Revision, attempt: string): BlameLoad {
  const [state, setState] = useState<BlameLoad>({ kind: 'loading' });
  // biome-ignore lint/correctness/useExhaustiveDependencies: `attempt` is the reason to ask again
  useEffect(() => {
    let current = true;
    setState({ kind: 'loading' });
    void getClient()
      .request('get-blame', { revision })
      .then((answer) => {
        if (!current) return;
        setState(
          answer.ok
            ? { kind: 'loaded', blame: answer.value }
            : { kind: 'failed', detail: answer.error.detail },
        );
      });
    return () => {
      current = false;
    };
  }, [revision, attempt]);
  return state;
}
