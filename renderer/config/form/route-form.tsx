import { type Json, stringAt } from '../../../core/gateway/json.ts';
import { AlsoSet } from './also-set-note.tsx';
import { useForm } from './form-context.tsx';
import { setValue } from './form-ops.ts';
import { ItemList } from './item-list.tsx';
import { ReferenceField } from './reference-field.tsx';
import { parentSentence } from './reference-sentence.ts';
import { referenceNote, referenceOptions, referenceText, setReference } from './references.ts';
import { Row } from './row.tsx';
import { RuleForms } from './rule-form.tsx';
import { TextField, WordsField } from './text-field.tsx';

const PARENTS = '/spec/parentRefs';

export function RouteForm() {
  const { references, document } = useForm();
  const gateway =
    references.gateways.find((each) => each.namespace === document.namespace) ??
    references.gateways[0];
  const newParent = (): Json => ({
    name: gateway?.name ?? 'gateway',
    ...(gateway === undefined || gateway.namespace === document.namespace
      ? {}
      : { namespace: gateway.namespace }),
  });
  return (
    <>
      <Row label="Listener" pointer={PARENTS}>
        <ItemList
          pointer={PARENTS}
          noun="listener"
          empty="no listener: nothing reaches this route"
          addLabel="listener"
          additions={[{ label: 'listener', value: newParent }]}
          sentence={parentSentence}
          fields={(parent, at) => <ParentFields parent={parent} pointer={at} />}
        />
      </Row>
      <WordsField
        pointer="/spec/hostnames"
        label="Hostnames"
        placeholder="every hostname of the listener"
      />
      <RuleForms />
    </>
  );
}

/** A Gateway and, where it is narrowed to one, its listener. */
export function ParentFields(props: { readonly parent: Json; readonly pointer: string }) {
  const { parent, pointer } = props;
  const { body, edit, references, document } = useForm();
  const here = document.namespace;
  const gateway = references.gateways.find(
    (each) =>
      each.name === stringAt(parent, 'name') &&
      each.namespace === (stringAt(parent, 'namespace') ?? here),
  );
  const section = stringAt(parent, 'sectionName') ?? '';
  const listener = gateway?.listeners.find((each) => each.name === section);
  return (
    <>
      <ReferenceField
        pointer={`${pointer}/name`}
        label="Gateway"
        value={referenceText(parent)}
        options={referenceOptions(references.gateways, here)}
        note={referenceNote(references.gateways, parent, here, { noun: 'Gateway', grant: false })}
        onTake={(text) => edit(setReference(body, pointer, text), `gateway ${pointer}`)}
      />
      <ReferenceField
        pointer={`${pointer}/sectionName`}
        label="Listener"
        value={section}
        options={gateway?.listeners.map((each) => each.name) ?? []}
        placeholder="every listener"
        note={
          listener === undefined
            ? section === '' || gateway === undefined
              ? ''
              : `${gateway.name} has no listener ${section}.`
            : `${listener.protocol}, port ${listener.port}${listener.hostname === '' ? '' : `, ${listener.hostname}`}`
        }
        onTake={(text) =>
          edit(
            setValue(body, `${pointer}/sectionName`, text.trim() === '' ? undefined : text.trim()),
            `listener ${pointer}`,
          )
        }
      />
      <TextField pointer={`${pointer}/port`} label="Port" placeholder="every port" isNumber />
      <AlsoSet
        pointer={pointer}
        shown={['group', 'kind', 'namespace', 'name', 'sectionName', 'port']}
      />
    </>
  );
}
