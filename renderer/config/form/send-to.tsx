import { type Json, listAt, pointerTo } from '../../../core/gateway/json.ts';
import { BackendReferenceFields } from './backend-reference-fields.tsx';
import { FilterFields } from './filter-fields.tsx';
import { filterSentence } from './filter-sentence.ts';
import { useForm } from './form-context.tsx';
import { listOf } from './form-ops.ts';
import { ItemList } from './item-list.tsx';
import { newFilters } from './new-filter.ts';
import { referenceSentence } from './reference-sentence.ts';
import { newBackend } from './references.ts';
import { Row } from './row.tsx';
import classes from './rule.module.css';
import { shareInWords, sharesOf, sharesSentence, weightOf } from './shares.ts';
import { TextControl } from './text-field.tsx';
import { plainWords, type Words } from './words.ts';

/** The backends of a rule with their weights, and the shares that these come to. */
export function SendTo(props: { readonly rule: string }) {
  const { body, references, document } = useForm();
  const pointer = pointerTo(props.rule, 'backendRefs');
  const backends = listOf(body, pointer);
  const here = document.namespace;
  const hasShares = backends.length > 1;
  return (
    <Row label="Send to" pointer={pointer}>
      <ItemList
        pointer={pointer}
        noun="backend"
        addLabel={backends.length === 0 ? 'backend' : 'another backend'}
        additions={[{ label: 'backend', value: () => newBackend(references, here) }]}
        sentence={backendSentence}
        beside={(_, at) =>
          hasShares || backends[0] === undefined || weightOf(backends[0]) !== 1 ? (
            <TextControl
              pointer={pointerTo(at, 'weight')}
              label="Weight"
              placeholder="1"
              isNumber
              className={classes.weight ?? ''}
            />
          ) : null
        }
        fields={(_, at) => (
          <>
            <BackendReferenceFields pointer={at} shownBeside={['weight', 'filters']} />
            <Row label="Change" pointer={pointerTo(at, 'filters')}>
              <Filters pointer={pointerTo(at, 'filters')} />
            </Row>
          </>
        )}
      />
      {hasShares ? <ShareBar backends={backends} /> : null}
    </Row>
  );
}

function backendSentence(backend: Json): Words {
  const filters = listAt(backend, 'filters');
  const words = referenceSentence(backend);
  return filters.length === 0
    ? words
    : [
        ...words,
        ', ',
        ...filters.flatMap((each, at) => [...(at === 0 ? [] : [', ']), ...filterSentence(each)]),
      ];
}

/** A list of filters: those of a rule, or of one backend. */
export function Filters(props: { readonly pointer: string }) {
  const { references, document } = useForm();
  return (
    <ItemList
      pointer={props.pointer}
      noun="change"
      addLabel="change"
      additions={newFilters(references, document.namespace)}
      sentence={filterSentence}
      fields={(filter, at) => <FilterFields filter={filter} pointer={at} />}
    />
  );
}

function ShareBar(props: { readonly backends: readonly Json[] }) {
  const weights = props.backends.map(weightOf);
  const names = props.backends.map(
    (backend) => plainWords(referenceSentence(backend)).split(' : ')[0] ?? '',
  );
  const shares = sharesOf(weights);
  const sentence = sharesSentence(names, weights);
  return (
    <div className={classes.shares}>
      <div className={classes.bar} aria-hidden="true">
        {shares.map((share, at) =>
          share === 0 ? null : (
            <span
              // biome-ignore lint/suspicious/noArrayIndexKey: a share is that of the backend in this place
              key={at}
              className={classes.share}
              data-place={at % 4}
              style={{ flexGrow: share }}
              title={`${names[at]} ${shareInWords(share, weights[at] ?? 0)}`}
            />
          ),
        )}
      </div>
      <p className={classes.sharesWords}>{sentence}</p>
    </div>
  );
}
