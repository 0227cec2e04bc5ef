import { GATEWAY_GROUP, HOLDFAST_GROUP } from '../../../core/gateway/kinds.ts';
import { AlsoSet } from './also-set-note.tsx';
import { ChoiceControl, ChoiceField } from './choice-field.tsx';
import { useForm } from './form-context.tsx';
import { setValue, valueAt } from './form-ops.ts';
import { ItemList } from './item-list.tsx';
import { grantSentence } from './kind-sentence.ts';
import { LabelFields } from './label-fields.tsx';
import classes from './match.module.css';
import { ReferenceField } from './reference-field.tsx';
import { Row } from './row.tsx';
import { TextControl, TextField } from './text-field.tsx';

export function NamespaceForm() {
  return <LabelFields pointer="/metadata/labels" label="Labels" />;
}

const PORT_PROTOCOLS = ['TCP', 'UDP', 'SCTP'].map((value) => ({ value, label: value }));

export function ServiceForm() {
  return (
    <Row label="Ports" pointer="/spec/ports">
      <ItemList
        pointer="/spec/ports"
        noun="port"
        addLabel="port"
        additions={[{ label: 'port', value: () => ({ name: 'http', port: 80 }) }]}
        fields={(_, at) => (
          <div className={classes.portValue}>
            <TextControl pointer={`${at}/name`} label="Name of the port" placeholder="name" />
            <ChoiceControl
              pointer={`${at}/protocol`}
              label="Protocol"
              choices={PORT_PROTOCOLS}
              absent="TCP"
            />
            <TextControl pointer={`${at}/port`} label="Port" isNumber />
          </div>
        )}
      />
    </Row>
  );
}

export function BackendForm() {
  return (
    <Row label="Endpoints" pointer="/spec/endpoints">
      <ItemList
        pointer="/spec/endpoints"
        noun="endpoint"
        addLabel="endpoint"
        keepList
        additions={[{ label: 'endpoint', value: () => ({ host: '10.0.0.1', port: 80 }) }]}
        fields={(_, at) => (
          <div className={classes.namedValue}>
            <TextControl pointer={`${at}/host`} label="Host" isRequired />
            <TextControl pointer={`${at}/port`} label="Port" isNumber />
          </div>
        )}
      />
    </Row>
  );
}

const FROM_KINDS = [
  { value: 'HTTPRoute', label: 'HTTPRoute' },
  { value: 'Gateway', label: 'Gateway' },
  { value: 'ListenerSet', label: 'ListenerSet' },
];
const TO_KINDS = ['Service', 'Backend', 'Secret'].map((value) => ({ value, label: value }));

export function GrantForm() {
  const { body, edit, references } = useForm();
  return (
    <>
      <Row label="Lets" pointer="/spec/from">
        <ItemList
          pointer="/spec/from"
          noun="source"
          addLabel="source"
          keepList
          additions={[
            {
              label: 'source',
              value: () => ({ group: GATEWAY_GROUP, kind: 'HTTPRoute', namespace: 'default' }),
            },
          ]}
          sentence={grantSentence}
          fields={(_, at) => (
            <>
              <ChoiceField pointer={`${at}/kind`} label="Each" choices={FROM_KINDS} />
              <ReferenceField
                pointer={`${at}/namespace`}
                label="Of"
                value={String(valueAt(body, `${at}/namespace`) ?? '')}
                options={references.namespaces}
                onTake={(text) =>
                  edit(setValue(body, `${at}/namespace`, text.trim()), `namespace ${at}`)
                }
              />
              <AlsoSet pointer={at} shown={['group', 'kind', 'namespace']} />
            </>
          )}
        />
      </Row>
      <Row label="Refer to" pointer="/spec/to">
        <ItemList
          pointer="/spec/to"
          noun="target"
          addLabel="target"
          keepList
          additions={[{ label: 'target', value: () => ({ group: '', kind: 'Service' }) }]}
          sentence={grantSentence}
          fields={(_, at) => (
            <>
              <ChoiceField
                pointer={`${at}/kind`}
                label="Kind"
                choices={TO_KINDS}
                opsFor={(kind) => [
                  ...setValue(body, `${at}/group`, kind === 'Backend' ? HOLDFAST_GROUP : ''),
                  ...setValue(body, `${at}/kind`, kind),
                ]}
              />
              <TextField pointer={`${at}/name`} label="Name" placeholder="every one" />
              <AlsoSet pointer={at} shown={['group', 'kind', 'name']} />
            </>
          )}
        />
      </Row>
    </>
  );
}
