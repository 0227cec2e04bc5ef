import { type Json, stringAt } from '../../../core/gateway/json.ts';
import { GATEWAY_GROUP } from '../../../core/gateway/kinds.ts';
import { AlsoSet } from './also-set-note.tsx';
import { ChoiceField } from './choice-field.tsx';
import { useForm } from './form-context.tsx';
import { setValue } from './form-ops.ts';
import { ItemList } from './item-list.tsx';
import { ReferenceField } from './reference-field.tsx';
import { targetSentence } from './reference-sentence.ts';
import { referenceNote } from './references.ts';
import { Row } from './row.tsx';

const TARGETS = '/spec/targetRefs';
const KINDS = [
  { value: 'HTTPRoute', label: 'a route' },
  { value: 'Gateway', label: 'a gateway' },
];

/** What a policy holds for. */
export function PolicyTargets() {
  const { references, document } = useForm();
  const route = references.routes.find((each) => each.namespace === document.namespace);
  return (
    <Row label="Holds for" pointer={TARGETS}>
      <ItemList
        pointer={TARGETS}
        noun="target"
        addLabel="target"
        keepList
        additions={[
          {
            label: 'target',
            value: () => ({
              group: GATEWAY_GROUP,
              kind: 'HTTPRoute',
              name: route?.name ?? 'route',
            }),
          },
        ]}
        sentence={targetSentence}
        fields={(target, at) => <TargetFields target={target} pointer={at} />}
      />
    </Row>
  );
}

function TargetFields(props: { readonly target: Json; readonly pointer: string }) {
  const { target, pointer } = props;
  const { body, edit, references, document } = useForm();
  const here = document.namespace;
  const isRoute = stringAt(target, 'kind') !== 'Gateway';
  const things = isRoute ? references.routes : references.gateways;
  const own = things.filter((each) => each.namespace === here);
  const name = stringAt(target, 'name') ?? '';
  const sections = isRoute
    ? references.routes.find((each) => each.namespace === here && each.name === name)?.rules
    : references.gateways
        .find((each) => each.namespace === here && each.name === name)
        ?.listeners.map((each) => each.name);
  return (
    <>
      <ChoiceField pointer={`${pointer}/kind`} label="Kind" choices={KINDS} />
      <ReferenceField
        pointer={`${pointer}/name`}
        label="Name"
        value={name}
        options={own.map((each) => each.name)}
        note={referenceNote(own, { name }, here, {
          noun: isRoute ? 'HTTPRoute' : 'Gateway',
          grant: false,
        })}
        onTake={(text) => edit(setValue(body, `${pointer}/name`, text.trim()), `target ${pointer}`)}
      />
      <ReferenceField
        pointer={`${pointer}/sectionName`}
        label={isRoute ? 'Only rule' : 'Only listener'}
        value={stringAt(target, 'sectionName') ?? ''}
        options={[...new Set(sections)].filter((section) => section !== '')}
        placeholder={isRoute ? 'every rule' : 'every listener'}
        onTake={(text) =>
          edit(
            setValue(body, `${pointer}/sectionName`, text.trim() === '' ? undefined : text.trim()),
            `section ${pointer}`,
          )
        }
      />
      <AlsoSet pointer={pointer} shown={['group', 'kind', 'name', 'sectionName']} />
    </>
  );
}
