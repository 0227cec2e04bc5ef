import { type Json, objectAt, stringAt } from '../../../core/gateway/json.ts';
import { AlsoSet } from './also-set-note.tsx';
import { ChoiceField } from './choice-field.tsx';
import { useForm } from './form-context.tsx';
import { setValue } from './form-ops.ts';
import { ItemList } from './item-list.tsx';
import { requestSentence } from './kind-sentence.ts';
import { LabelFields } from './label-fields.tsx';
import { METHODS } from './match-fields.tsx';
import { ReferenceField } from './reference-field.tsx';
import { Row } from './row.tsx';
import { TextField } from './text-field.tsx';

const REQUESTS = '/spec/requests';

export function SuiteForm() {
  return (
    <Row label="Requests" pointer={REQUESTS}>
      <ItemList
        pointer={REQUESTS}
        noun="request"
        addLabel="request"
        keepList
        additions={[
          { label: 'request', value: () => ({ name: 'request', url: 'https://example.com/' }) },
        ]}
        sentence={requestSentence}
        fields={(request, at) => <RequestFields request={request} pointer={at} />}
      />
    </Row>
  );
}

function RequestFields(props: { readonly request: Json; readonly pointer: string }) {
  const { request, pointer } = props;
  const { body, edit, references } = useForm();
  const expect = objectAt(request, 'expect');
  return (
    <>
      <TextField pointer={`${pointer}/name`} label="Name" isRequired />
      <ChoiceField pointer={`${pointer}/method`} label="Method" choices={METHODS} absent="GET" />
      <TextField pointer={`${pointer}/url`} label="URL" isRequired />
      <LabelFields pointer={`${pointer}/headers`} label="Headers" noun="header" />
      <ReferenceField
        pointer={`${pointer}/expect/backend`}
        label="Goes to"
        value={stringAt(expect, 'backend') ?? ''}
        options={[...new Set(references.backends.map((each) => `${each.namespace}/${each.name}`))]}
        placeholder="nothing expected"
        onTake={(text) =>
          edit(
            setValue(
              body,
              `${pointer}/expect/backend`,
              text.trim() === '' ? undefined : text.trim(),
              { prune: true },
            ),
            `expected backend ${pointer}`,
          )
        }
      />
      <TextField
        pointer={`${pointer}/expect/redirect`}
        label="Redirects to"
        placeholder="nothing expected"
      />
      <TextField
        pointer={`${pointer}/expect/status`}
        label="Status"
        placeholder="nothing expected"
        isNumber
      />
      <AlsoSet pointer={`${pointer}/expect`} shown={['backend', 'redirect', 'status']} />
      <AlsoSet pointer={pointer} shown={['name', 'method', 'url', 'headers', 'expect']} />
    </>
  );
}
