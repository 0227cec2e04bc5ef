import { isJsonObject, type Json, stringAt } from '../../../core/gateway/json.ts';
import { AlsoSet } from './also-set-note.tsx';
import { ChoiceField } from './choice-field.tsx';
import { useForm } from './form-context.tsx';
import { setValue, valueAt } from './form-ops.ts';
import { ItemList } from './item-list.tsx';
import { attachSentence, listenerSentence } from './kind-sentence.ts';
import { LabelFields } from './label-fields.tsx';
import { ReferenceControl, ReferenceField } from './reference-field.tsx';
import { referenceNote, referenceOptions, referenceText, setReference } from './references.ts';
import { Row } from './row.tsx';
import { TextField } from './text-field.tsx';
import { plainWords } from './words.ts';

export function GatewayForm() {
  return (
    <>
      <TextField pointer="/spec/gatewayClassName" label="Class" isRequired />
      <Listeners />
      <WhoMayAttach
        pointer="/spec/allowedListeners"
        label="More from"
        absent="nobody adds listeners"
      />
    </>
  );
}

export function ListenerSetForm() {
  const { body, edit, references, document } = useForm();
  const parent = valueAt(body, '/spec/parentRef');
  const here = document.namespace;
  return (
    <>
      <ReferenceField
        pointer="/spec/parentRef"
        label="Gateway"
        value={referenceText(parent)}
        options={referenceOptions(references.gateways, here)}
        note={referenceNote(references.gateways, parent, here, { noun: 'Gateway', grant: false })}
        onTake={(text) => edit(setReference(body, '/spec/parentRef', text), 'gateway')}
      />
      <Listeners />
    </>
  );
}

function Listeners() {
  return (
    <Row label="Listeners" pointer="/spec/listeners">
      <ItemList
        pointer="/spec/listeners"
        noun="listener"
        addLabel="listener"
        keepList
        additions={[
          { label: 'listener', value: () => ({ name: 'http', port: 80, protocol: 'HTTP' }) },
        ]}
        sentence={listenerSentence}
        fields={(listener, at) => <ListenerFields listener={listener} pointer={at} />}
      />
    </Row>
  );
}

const PROTOCOLS = ['HTTP', 'HTTPS', 'TLS', 'TCP', 'UDP'].map((value) => ({ value, label: value }));
const TLS_MODES = [
  { value: 'Terminate', label: 'ended here' },
  { value: 'Passthrough', label: 'passed through' },
];

function ListenerFields(props: { readonly listener: Json; readonly pointer: string }) {
  const { listener, pointer } = props;
  const protocol = stringAt(listener, 'protocol');
  const hasTls =
    protocol === 'HTTPS' || protocol === 'TLS' || valueAt(listener, '/tls') !== undefined;
  const certificates = `${pointer}/tls/certificateRefs`;
  return (
    <>
      <TextField pointer={`${pointer}/name`} label="Name" isRequired />
      <ChoiceField pointer={`${pointer}/protocol`} label="Protocol" choices={PROTOCOLS} />
      <TextField pointer={`${pointer}/port`} label="Port" isNumber />
      <TextField pointer={`${pointer}/hostname`} label="Hostname" placeholder="every hostname" />
      {hasTls ? (
        <>
          <ChoiceField
            pointer={`${pointer}/tls/mode`}
            label="TLS"
            choices={TLS_MODES}
            absent="ended here, as nothing is stated"
          />
          <Row label="Certificates" pointer={certificates}>
            <ItemList
              pointer={certificates}
              noun="certificate"
              addLabel="certificate"
              additions={[{ label: 'certificate', value: () => ({ name: 'certificate' }) }]}
              fields={(_, at) => <CertificateField pointer={at} />}
            />
          </Row>
          <AlsoSet pointer={`${pointer}/tls`} shown={['mode', 'certificateRefs']} />
        </>
      ) : null}
      <WhoMayAttach
        pointer={`${pointer}/allowedRoutes`}
        label="Routes of"
        absent="this namespace, as nothing is stated"
      />
      <AlsoSet
        pointer={pointer}
        shown={['name', 'protocol', 'port', 'hostname', 'tls', 'allowedRoutes']}
      />
    </>
  );
}

function CertificateField({ pointer }: { readonly pointer: string }) {
  const { body, edit } = useForm();
  return (
    <ReferenceControl
      label="Secret of the certificate"
      value={referenceText(valueAt(body, pointer))}
      options={[]}
      placeholder="name, or namespace/name"
      onTake={(text) => edit(setReference(body, pointer, text), `certificate ${pointer}`)}
    />
  );
}

const FROM = [
  { value: 'Same', label: 'this namespace' },
  { value: 'All', label: 'every namespace' },
  { value: 'Selector', label: 'namespaces with labels' },
  { value: 'None', label: 'nobody' },
];

/** From which namespaces something may join. */
function WhoMayAttach(props: {
  readonly pointer: string;
  readonly label: string;
  readonly absent: string;
}) {
  const { pointer, label, absent } = props;
  const { body } = useForm();
  const namespaces = `${pointer}/namespaces`;
  const allowed = valueAt(body, pointer);
  const isSelector = valueAt(body, `${namespaces}/from`) === 'Selector';
  return (
    <>
      <ChoiceField
        pointer={`${namespaces}/from`}
        label={label}
        choices={FROM}
        absent={absent}
        {...(isJsonObject(allowed) && isSelector
          ? { note: plainWords(attachSentence(allowed)) }
          : {})}
        opsFor={(from) => [
          ...(from === 'Selector'
            ? []
            : setValue(body, `${namespaces}/selector`, undefined, { prune: true })),
          ...(from === ''
            ? setValue(body, `${namespaces}/from`, undefined, { prune: true })
            : setValue(body, `${namespaces}/from`, from)),
        ]}
      />
      {isSelector ? (
        <>
          <LabelFields pointer={`${namespaces}/selector/matchLabels`} label="With labels" />
          <AlsoSet pointer={`${namespaces}/selector`} shown={['matchLabels']} />
        </>
      ) : null}
      <AlsoSet pointer={pointer} shown={['namespaces']} />
    </>
  );
}
