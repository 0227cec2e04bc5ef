import type { Json } from '../../../core/gateway/json.ts';
import { HTTP_METHODS } from '../../../core/gateway/shapes-route.ts';
import { AlsoSet } from './also-set-note.tsx';
import { ChoiceControl, ChoiceField } from './choice-field.tsx';
import { useForm } from './form-context.tsx';
import { setValue, valueAt } from './form-ops.ts';
import { ItemList } from './item-list.tsx';
import classes from './match.module.css';
import { Row } from './row.tsx';
import { TextControl } from './text-field.tsx';

const PATH_TYPES = [
  { value: 'PathPrefix', label: 'starts with' },
  { value: 'Exact', label: 'is' },
  { value: 'RegularExpression', label: 'matches' },
];
const VALUE_TYPES = [{ value: 'RegularExpression', label: 'matches' }];
export const METHODS = HTTP_METHODS.map((method) => ({ value: method, label: method }));

/** What a new match asks for; the narrowest thing that is true of every request. */
export function newMatch(): Json {
  return { path: { type: 'PathPrefix', value: '/' } };
}

export function MatchFields(props: { readonly pointer: string }) {
  const { pointer } = props;
  const { body } = useForm();
  const path = `${pointer}/path`;
  return (
    <>
      <Row label="Path" pointer={path}>
        <div className={classes.path}>
          <ChoiceControl
            pointer={`${path}/type`}
            label="How the path is compared"
            choices={PATH_TYPES}
            absent={valueAt(body, path) === undefined ? 'is anything' : 'starts with'}
            opsFor={(type) =>
              valueAt(body, path) === undefined && type !== ''
                ? setValue(body, path, { type, value: '/' })
                : setValue(body, `${path}/type`, type === '' ? undefined : type, { prune: true })
            }
          />
          <TextControl pointer={`${path}/value`} label="Path" placeholder="/" />
        </div>
      </Row>
      <ChoiceField
        pointer={`${pointer}/method`}
        label="Method"
        choices={METHODS}
        absent="any method"
      />
      <Row label="Headers" pointer={`${pointer}/headers`}>
        <NamedValues pointer={`${pointer}/headers`} noun="header" hasTypes />
      </Row>
      <Row label="Parameters" pointer={`${pointer}/queryParams`}>
        <NamedValues pointer={`${pointer}/queryParams`} noun="parameter" hasTypes />
      </Row>
      <AlsoSet pointer={pointer} shown={['path', 'method', 'headers', 'queryParams']} />
    </>
  );
}

const NEW_NAMES = { header: 'x-header', parameter: 'x-parameter', claim: 'scope' } as const;

/** Names with values: headers, parameters, claims. */
export function NamedValues(props: {
  readonly pointer: string;
  readonly noun: keyof typeof NEW_NAMES;
  readonly hasTypes?: boolean;
}) {
  const { pointer, noun, hasTypes = false } = props;
  return (
    <ItemList
      pointer={pointer}
      noun={noun}
      addLabel={noun}
      additions={[{ label: noun, value: () => ({ name: NEW_NAMES[noun], value: '1' }) }]}
      fields={(_, at) => (
        <div className={hasTypes ? classes.typedValue : classes.namedValue}>
          <TextControl pointer={`${at}/name`} label={`Name of the ${noun}`} isRequired />
          {hasTypes ? (
            <ChoiceControl
              pointer={`${at}/type`}
              label={`How the ${noun} is compared`}
              choices={VALUE_TYPES}
              absent="is"
            />
          ) : null}
          <TextControl pointer={`${at}/value`} label={`Value of the ${noun}`} isRequired />
        </div>
      )}
    />
  );
}
