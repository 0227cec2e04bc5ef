import { useId, useMemo } from 'react';
import {
  hasMember,
  type Json,
  listAt,
  objectAt,
  pointerTo,
  stringAt,
} from '../../../core/gateway/json.ts';
import { outranksByRule } from '../../../core/gateway/rule-order.ts';
import { AddControl } from './add-control.tsx';
import { AlsoSet, KeptInText } from './also-set-note.tsx';
import { isAnswer } from './filter-sentence.ts';
import formClasses from './form.module.css';
import { useForm } from './form-context.tsx';
import { addItem, setValue } from './form-ops.ts';
import { ItemControls, moveByKey } from './item-controls.tsx';
import { ItemList } from './item-list.tsx';
import itemClasses from './items.module.css';
import { retrySentence, timeoutsSentence } from './kind-sentence.ts';
import { MatchFields, newMatch } from './match-fields.tsx';
import { matchSentence } from './match-sentence.ts';
import { newFilters } from './new-filter.ts';
import { OptionalPart } from './optional-part.tsx';
import { changedInRule } from './place-problems.ts';
import { newBackend } from './references.ts';
import { ProblemsOf, Row } from './row.tsx';
import classes from './rule.module.css';
import { Filters, SendTo } from './send-to.tsx';
import { TextField, WordsField } from './text-field.tsx';
import { type Items, useItems } from './use-items.ts';

const RULES = '/spec/rules';

/** The rules of a route, in the order in which they stand. */
export function RuleForms() {
  const { body, references, document } = useForm();
  const list = useItems({ pointer: RULES, noun: 'rule', keepList: true });
  const outranks = useMemo(() => outranksByRule(body), [body]);
  const addRule = () =>
    list.add({ matches: [newMatch()], backendRefs: [newBackend(references, document.namespace)] });
  return (
    <div className={itemClasses.list}>
      <ul className={classes.rules} ref={list.root}>
        {list.items.map((rule, at) => (
          <li
            key={list.keys[at] ?? at}
            data-item={list.keys[at] ?? at}
            onKeyDown={(event) => moveByKey(event, at, list)}
          >
            <RuleForm rule={rule} at={at} list={list} outranks={outranks.get(at) ?? null} />
          </li>
        ))}
      </ul>
      <button type="button" className={itemClasses.add} onClick={addRule}>
        + rule
      </button>
      <ProblemsOf pointer={RULES} />
    </div>
  );
}

function RuleForm(props: {
  readonly rule: Json;
  readonly at: number;
  readonly list: Items;
  /** What it takes from rules before it, as a sentence. */
  readonly outranks: string | null;
}) {
  const { rule, at, list } = props;
  const { document } = useForm();
  const titleId = useId();
  const pointer = pointerTo(RULES, at);
  const changed = changedInRule(document.changed, pointer);
  const name = stringAt(rule, 'name');
  const filters = listAt(rule, 'filters');
  const answers = filters.some(isAnswer);
  return (
    <section
      className={classes.rule}
      aria-labelledby={titleId}
      data-pointer={pointer}
      data-changed={changed !== ''}
    >
      <div className={classes.ruleHead} data-part="head">
        <h4 id={titleId} className={classes.ruleTitle}>
          Rule {at + 1}
          {name === undefined ? null : <code className={classes.ruleName}>{name}</code>}
        </h4>
        <span className={classes.changed}>{changed}</span>
        <ItemControls noun="rule" at={at} list={list} />
      </div>
      <div className={classes.ruleBody} data-part="fields">
        {name === undefined ? null : <TextField pointer={`${pointer}/name`} label="Name" />}
        <Row label="When" pointer={`${pointer}/matches`}>
          <ItemList
            pointer={`${pointer}/matches`}
            noun="match"
            empty="any path"
            addLabel={listAt(rule, 'matches').length === 0 ? 'condition' : 'or when'}
            additions={[{ label: 'match', value: newMatch }]}
            sentence={matchSentence}
            fields={(_, match) => <MatchFields pointer={match} />}
          />
        </Row>
        {filters.length > 0 ? (
          <Row label={answers ? 'Answer' : 'Change'} pointer={`${pointer}/filters`}>
            <Filters pointer={`${pointer}/filters`} />
          </Row>
        ) : null}
        {answers && listAt(rule, 'backendRefs').length === 0 ? null : <SendTo rule={pointer} />}
        <RuleExtras rule={rule} pointer={pointer} />
        <RuleAdditions rule={rule} pointer={pointer} />
        <AlsoSet pointer={pointer} shown={SHOWN} />
        {props.outranks === null ? null : <p className={formClasses.note}>{props.outranks}</p>}
        <ProblemsOf pointer={pointer} />
      </div>
    </section>
  );
}

const SHOWN = [
  'name',
  'matches',
  'filters',
  'backendRefs',
  'timeouts',
  'retry',
  'sessionPersistence',
];

function RuleExtras(props: { readonly rule: Json; readonly pointer: string }) {
  const { rule, pointer } = props;
  const timeouts = objectAt(rule, 'timeouts');
  const retry = objectAt(rule, 'retry');
  return (
    <>
      {timeouts === undefined ? null : (
        <OptionalPart
          label="Time-out"
          pointer={`${pointer}/timeouts`}
          words={timeoutsSentence(timeouts)}
        >
          <TextField pointer={`${pointer}/timeouts/request`} label="Request" placeholder="10s" />
          <TextField
            pointer={`${pointer}/timeouts/backendRequest`}
            label="Backend"
            placeholder="for each try; not longer than the request"
          />
          <AlsoSet pointer={`${pointer}/timeouts`} shown={['request', 'backendRequest']} />
        </OptionalPart>
      )}
      {retry === undefined ? null : (
        <OptionalPart label="Retry" pointer={`${pointer}/retry`} words={retrySentence(retry)}>
          <TextField pointer={`${pointer}/retry/attempts`} label="Tries more" isNumber />
          <WordsField
            pointer={`${pointer}/retry/codes`}
            label="On status"
            placeholder="502, 503, 504"
            areNumbers
          />
          <TextField pointer={`${pointer}/retry/backoff`} label="Apart" placeholder="100ms" />
          <AlsoSet pointer={`${pointer}/retry`} shown={['attempts', 'codes', 'backoff']} />
        </OptionalPart>
      )}
      {hasMember(rule, 'sessionPersistence') ? (
        <Row label="Session" pointer={`${pointer}/sessionPersistence`}>
          <KeptInText pointer={`${pointer}/sessionPersistence`} />
        </Row>
      ) : null}
    </>
  );
}

/** What the rule does not have yet. */
function RuleAdditions(props: { readonly rule: Json; readonly pointer: string }) {
  const { rule, pointer } = props;
  const { body, edit, references, document } = useForm();
  const missing = [
    { key: 'name', label: 'name', value: 'rule' as Json },
    { key: 'timeouts', label: 'time-out', value: { request: '10s' } as Json },
    { key: 'retry', label: 'retry', value: { attempts: 1, codes: [502, 503, 504] } as Json },
  ].filter((each) => !hasMember(rule, each.key));
  const filters = `${pointer}/filters`;
  return (
    <div className={classes.additions}>
      {listAt(rule, 'filters').length > 0 ? null : (
        <AddControl
          label="change"
          additions={newFilters(references, document.namespace)}
          onAdd={(value) => edit(addItem(body, filters, value), `add change ${filters}`)}
        />
      )}
      {missing.map((each) => (
        <button
          key={each.key}
          type="button"
          className={itemClasses.add}
          onClick={() =>
            edit(
              setValue(body, `${pointer}/${each.key}`, each.value),
              `add ${each.label} ${pointer}`,
            )
          }
        >
          + {each.label}
        </button>
      ))}
    </div>
  );
}
