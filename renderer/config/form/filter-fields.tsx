import { type Json, stringAt } from '../../../core/gateway/json.ts';
import { AlsoSet, KeptInText } from './also-set-note.tsx';
import { BackendReferenceFields } from './backend-reference-fields.tsx';
import { ChoiceControl, ChoiceField } from './choice-field.tsx';
import { useForm } from './form-context.tsx';
import { setValue, valueAt } from './form-ops.ts';
import classes from './match.module.css';
import { METHODS, NamedValues } from './match-fields.tsx';
import { ReferenceField } from './reference-field.tsx';
import { Row } from './row.tsx';
import { TextControl, TextField, WordsField } from './text-field.tsx';

/** The fields of one filter, by its type. */
export function FilterFields(props: { readonly filter: Json; readonly pointer: string }) {
  const { filter, pointer } = props;
  const type = stringAt(filter, 'type');
  if (type === 'RequestHeaderModifier') {
    return <HeaderFields pointer={`${pointer}/requestHeaderModifier`} />;
  }
  if (type === 'ResponseHeaderModifier') {
    return <HeaderFields pointer={`${pointer}/responseHeaderModifier`} />;
  }
  if (type === 'RequestRedirect') return <RedirectFields pointer={`${pointer}/requestRedirect`} />;
  if (type === 'URLRewrite') return <RewriteFields pointer={`${pointer}/urlRewrite`} />;
  if (type === 'RequestMirror') return <MirrorFields pointer={`${pointer}/requestMirror`} />;
  if (type === 'CORS') return <CorsFields pointer={`${pointer}/cors`} />;
  if (
    type === 'ExtensionRef' &&
    stringAt(valueAt(filter, '/extensionRef'), 'kind') === 'FeatureFlag'
  ) {
    return <FlagGateFields pointer={`${pointer}/extensionRef`} />;
  }
  return <KeptInText pointer={pointer} />;
}

function HeaderFields({ pointer }: { readonly pointer: string }) {
  return (
    <>
      <Row label="Set" pointer={`${pointer}/set`}>
        <NamedValues pointer={`${pointer}/set`} noun="header" />
      </Row>
      <Row label="Add" pointer={`${pointer}/add`}>
        <NamedValues pointer={`${pointer}/add`} noun="header" />
      </Row>
      <WordsField
        pointer={`${pointer}/remove`}
        label="Remove"
        placeholder="header names, with commas"
      />
      <AlsoSet pointer={pointer} shown={['set', 'add', 'remove']} />
    </>
  );
}

const PATH_CHANGES = [
  { value: 'ReplacePrefixMatch', label: 'prefix to' },
  { value: 'ReplaceFullPath', label: 'path to' },
];

function PathChange({ pointer }: { readonly pointer: string }) {
  const { body } = useForm();
  const present = valueAt(body, pointer);
  const isFull = stringAt(present, 'type') === 'ReplaceFullPath';
  const value = stringAt(present, isFull ? 'replaceFullPath' : 'replacePrefixMatch') ?? '/';
  return (
    <Row label="Path" pointer={pointer}>
      <div className={classes.path}>
        <ChoiceControl
          pointer={`${pointer}/type`}
          label="What of the path is replaced"
          choices={PATH_CHANGES}
          absent="as it is"
          opsFor={(type) => {
            if (type === '') return setValue(body, pointer, undefined);
            const key = type === 'ReplaceFullPath' ? 'replaceFullPath' : 'replacePrefixMatch';
            return setValue(body, pointer, { type, [key]: value });
          }}
        />
        {present === undefined ? null : (
          <TextControl
            pointer={`${pointer}/${isFull ? 'replaceFullPath' : 'replacePrefixMatch'}`}
            label="New path"
            isRequired
          />
        )}
      </div>
    </Row>
  );
}

function RewriteFields({ pointer }: { readonly pointer: string }) {
  return (
    <>
      <PathChange pointer={`${pointer}/path`} />
      <TextField pointer={`${pointer}/hostname`} label="Host" placeholder="as it is" />
      <AlsoSet pointer={pointer} shown={['path', 'hostname']} />
    </>
  );
}

const STATUS_CODES = [
  { value: '301', label: '301, moved for good' },
  { value: '302', label: '302, for now' },
  { value: '303', label: '303, see with GET' },
  { value: '307', label: '307, for now, same method' },
  { value: '308', label: '308, for good, same method' },
];
const SCHEMES = [
  { value: 'https', label: 'https' },
  { value: 'http', label: 'http' },
];

function RedirectFields({ pointer }: { readonly pointer: string }) {
  return (
    <>
      <ChoiceField
        pointer={`${pointer}/statusCode`}
        label="Status"
        choices={STATUS_CODES}
        absent="302, as nothing is stated"
        isNumber
      />
      <ChoiceField
        pointer={`${pointer}/scheme`}
        label="Scheme"
        choices={SCHEMES}
        absent="as it is"
      />
      <TextField pointer={`${pointer}/hostname`} label="Host" placeholder="as it is" />
      <TextField
        pointer={`${pointer}/port`}
        label="Port"
        placeholder="as it fits the scheme"
        isNumber
      />
      <PathChange pointer={`${pointer}/path`} />
      <AlsoSet pointer={pointer} shown={['statusCode', 'scheme', 'hostname', 'port', 'path']} />
    </>
  );
}

const MIRROR_SHARES = [
  { value: 'percent', label: 'percent' },
  { value: 'fraction', label: 'fraction' },
];

function MirrorFields({ pointer }: { readonly pointer: string }) {
  const { body, edit } = useForm();
  const isFraction = valueAt(body, `${pointer}/fraction`) !== undefined;
  const isPercent = valueAt(body, `${pointer}/percent`) !== undefined;
  const share = isFraction ? 'fraction' : isPercent ? 'percent' : '';
  const choose = (wanted: string) =>
    edit(
      [
        ...setValue(body, `${pointer}/percent`, wanted === 'percent' ? 10 : undefined),
        ...setValue(
          body,
          `${pointer}/fraction`,
          wanted === 'fraction' ? { numerator: 1, denominator: 100 } : undefined,
        ),
      ],
      `share ${pointer}`,
    );
  return (
    <>
      <BackendReferenceFields pointer={`${pointer}/backendRef`} />
      <Row label="Share" pointer={`${pointer}/${share === '' ? 'percent' : share}`}>
        <div className={classes.path}>
          <select
            className={classes.share}
            aria-label="How much is mirrored"
            value={share}
            onChange={(event) => choose(event.currentTarget.value)}
          >
            <option value="">everything</option>
            {MIRROR_SHARES.map((each) => (
              <option key={each.value} value={each.value}>
                {each.label}
              </option>
            ))}
          </select>
          {share === 'percent' ? (
            <TextControl pointer={`${pointer}/percent`} label="Percent of requests" isNumber />
          ) : null}
          {share === 'fraction' ? (
            <div className={classes.namedValue}>
              <TextControl pointer={`${pointer}/fraction/numerator`} label="Requests" isNumber />
              <TextControl
                pointer={`${pointer}/fraction/denominator`}
                label="Of how many requests"
                placeholder="of 100"
                isNumber
              />
            </div>
          ) : null}
        </div>
      </Row>
      <AlsoSet pointer={pointer} shown={['backendRef', 'percent', 'fraction']} />
    </>
  );
}

const CREDENTIALS = [{ value: 'true', label: 'with cookies and credentials' }];

function CorsFields({ pointer }: { readonly pointer: string }) {
  const { body } = useForm();
  const credentials = `${pointer}/allowCredentials`;
  return (
    <>
      <WordsField
        pointer={`${pointer}/allowOrigins`}
        label="Origins"
        placeholder="https://example.com, or *"
      />
      <WordsField
        pointer={`${pointer}/allowMethods`}
        label="Methods"
        placeholder={METHODS.slice(0, 3)
          .map((each) => each.value)
          .join(', ')}
      />
      <WordsField
        pointer={`${pointer}/allowHeaders`}
        label="Headers"
        placeholder="that pages may send"
      />
      <WordsField
        pointer={`${pointer}/exposeHeaders`}
        label="Expose"
        placeholder="headers that pages may read"
      />
      <ChoiceField
        pointer={credentials}
        label="Credentials"
        choices={CREDENTIALS}
        absent="without"
        opsFor={(value) => setValue(body, credentials, value === 'true' ? true : undefined)}
      />
      <TextField
        pointer={`${pointer}/maxAge`}
        label="Kept for"
        placeholder="5 seconds"
        isNumber
        note="Seconds that browsers keep the answer for."
      />
      <AlsoSet
        pointer={pointer}
        shown={[
          'allowOrigins',
          'allowMethods',
          'allowHeaders',
          'exposeHeaders',
          'allowCredentials',
          'maxAge',
        ]}
      />
    </>
  );
}

function FlagGateFields({ pointer }: { readonly pointer: string }) {
  const { body, edit, references, document } = useForm();
  const name = stringAt(valueAt(body, pointer), 'name') ?? '';
  const flags = references.flags.filter((flag) => flag.namespace === document.namespace);
  const flag = flags.find((each) => each.name === name);
  return (
    <ReferenceField
      pointer={pointer}
      label="Flag"
      value={name}
      options={flags.map((each) => each.name)}
      note={
        flag?.summary ??
        `No flag ${name} exists in ${document.namespace}: requests are answered 500.`
      }
      onTake={(text) => edit(setValue(body, `${pointer}/name`, text.trim()), `flag ${pointer}`)}
    />
  );
}
