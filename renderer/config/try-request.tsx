import { Autocomplete, Button, Select, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, useEffect, useState } from 'react';
import { notifyDone, notifyRefusal } from '../shell/notify.ts';
import { useConsole } from '../state/console-store.ts';
import { getDraftController } from './draft-session.ts';
import { useDraft } from './draft-store.ts';
import { ExplainedView } from './explained-view.tsx';
import { loadDraftEditor } from './load-draft-editor.ts';
import { requestInWords } from './request-words.ts';
import { ScrollRegion } from './scroll-region.tsx';
import { addToSuite, expectationOf } from './suite-edits.ts';
import { gatewayRequestOf, headersOf, wholeUrl } from './tried-request.ts';
import classes from './try.module.css';
import { remembered, type TriedRequest, useTry } from './try-store.ts';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];

/** What becomes of one request, at head and in the draft side by side, and why. */
export function TryRequest() {
  const request = useTry((state) => state.request);
  const explained = useTry((state) => state.explained);
  const problem = useTry((state) => state.problem);
  const analysis = useDraft((state) => state.analysis);
  // Tried anew with every text that was looked at, so that an edit shows here at once.
  // biome-ignore lint/correctness/useExhaustiveDependencies: an analysis comes with every new text
  useEffect(() => {
    void explainNow(request);
  }, [request, analysis]);
  return (
    <ScrollRegion label="Try a request" className={classes.pane}>
      <RequestForm request={request} />
      {request.url.trim() === '' ? (
        <Suggestions />
      ) : problem !== null ? (
        <p className={classes.problem} role="alert">
          {problem}
        </p>
      ) : (
        explained !== null && <ExplainedView explained={explained} />
      )}
    </ScrollRegion>
  );
}

let asked = 0;

async function explainNow(tried: TriedRequest): Promise<void> {
  asked += 1;
  const seq = asked;
  const request = gatewayRequestOf(tried);
  if (!request.ok) {
    useTry.setState({ problem: request.error, explained: null });
    return;
  }
  const explained = await getDraftController().explain(request.value, tried.cell);
  if (seq !== asked) return;
  const problem =
    explained === null ? 'The request could not be tried: the checker broke off.' : null;
  useTry.setState({ explained, problem });
}

function change(part: Partial<TriedRequest>): void {
  useTry.setState((state) => ({ request: { ...state.request, ...part } }));
}

function RequestForm({ request }: { readonly request: TriedRequest }) {
  const cells = useConsole((state) => state.roster?.cells ?? null);
  const recent = useTry((state) => state.recent);
  function submit(event: FormEvent): void {
    event.preventDefault();
    useTry.setState((state) => ({ recent: remembered(state.recent, state.request) }));
    void explainNow(request);
  }
  const remember = () => {
    if (gatewayRequestOf(request).ok) {
      useTry.setState((state) => ({ recent: remembered(state.recent, request) }));
    }
  };
  return (
    <form className={classes.form} onSubmit={submit} onBlur={remember}>
      <div className={classes.line}>
        <Select
          aria-label="Method"
          className={classes.method}
          data={METHODS.includes(request.method) ? METHODS : [...METHODS, request.method]}
          value={request.method}
          allowDeselect={false}
          onChange={(method) => change({ method: method ?? 'GET' })}
        />
        <Autocomplete
          aria-label="URL"
          className={classes.url}
          placeholder="https://shop.example.com/checkout?x=1"
          value={request.url}
          data={[...new Set(recent.map((each) => each.url))]}
          onChange={(url) => change({ url })}
        />
      </div>
      <div className={classes.line}>
        <Textarea
          aria-label="Headers, one name: value a line"
          className={classes.headers}
          placeholder="Headers, one a line"
          autosize
          minRows={1}
          maxRows={5}
          value={request.headers}
          onChange={(event) => change({ headers: event.currentTarget.value })}
        />
        {cells !== null && cells.length > 0 ? (
          <Select
            aria-label="Cell"
            className={classes.cell}
            placeholder="any cell"
            clearable
            data={[...cells]}
            value={request.cell === '' ? null : request.cell}
            onChange={(cell) => change({ cell: cell ?? '' })}
          />
        ) : (
          <TextInput
            aria-label="Cell"
            className={classes.cell}
            placeholder="any cell"
            value={request.cell}
            onChange={(event) => change({ cell: event.currentTarget.value })}
          />
        )}
        <AddToSuite request={request} />
      </div>
    </form>
  );
}

function AddToSuite({ request }: { readonly request: TriedRequest }) {
  const explained = useTry((state) => state.explained);
  const [busy, setBusy] = useState(false);
  async function add(): Promise<void> {
    const headers = headersOf(request.headers);
    if (explained === null || !headers.ok) return;
    setBusy(true);
    const editor = await loadDraftEditor();
    const { live, analysis } = useDraft.getState();
    const namespace =
      live?.read.identity?.namespace || analysis?.references.namespaces[0] || 'default';
    const saved = {
      method: request.method,
      url: wholeUrl(request.url),
      headers: headers.value,
      expect: expectationOf(explained.draft),
    };
    const edits = addToSuite(editor.text(), saved, namespace);
    setBusy(false);
    if (edits === null) {
      notifyRefusal('It was not added', { detail: 'Mend the request suite in the text first.' });
      return;
    }
    editor.apply(edits, 'add to suite');
    notifyDone(
      saved.expect === null
        ? 'Added to the request suite. Its answer is drawn, so it is only compared.'
        : 'Added to the request suite, expecting what the draft answers now.',
    );
  }
  return (
    <Button type="button" disabled={explained === null || busy} onClick={() => void add()}>
      Add to suite
    </Button>
  );
}

/** Before anything is typed: requests of the suites or of the routes, to begin with. */
function Suggestions() {
  const listed = useDraft((state) => state.comparison?.listed ?? null);
  const recent = useTry((state) => state.recent);
  const requests = [
    ...recent.map((each) => ({ ...each, suite: '', name: '' })),
    ...(listed ?? []).map(({ request }) => ({
      ...request,
      headers: Object.entries(request.headers)
        .map(([name, value]) => `${name}: ${value}`)
        .join('\n'),
      cell: '',
    })),
  ].slice(0, 20);
  if (requests.length === 0) {
    return (
      <p className={classes.hint}>
        Write a URL: which listener, route, rule and backend answer it is shown for the head and the
        draft.
      </p>
    );
  }
  return (
    <>
      <p className={classes.hint}>Write a URL, or begin with one of these.</p>
      <ul className={classes.list}>
        {requests.map((each) => (
          <li key={`${each.suite} ${each.name} ${each.method} ${each.url} ${each.headers}`}>
            <button
              type="button"
              className={classes.suggestion}
              onClick={() =>
                change({
                  method: each.method,
                  url: each.url,
                  headers: each.headers,
                  cell: each.cell,
                })
              }
            >
              {each.method} {each.url}{' '}
              <span className="hf-muted">{requestInWords({ ...each, headers: {} }).headers}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
