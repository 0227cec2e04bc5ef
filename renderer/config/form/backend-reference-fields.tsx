import { stringAt } from '../../../core/gateway/json.ts';
import { AlsoSet } from './also-set-note.tsx';
import { useForm } from './form-context.tsx';
import { valueAt } from './form-ops.ts';
import { ReferenceField } from './reference-field.tsx';
import { referenceNote, referenceOptions, referenceText, setBackend } from './references.ts';
import { TextField } from './text-field.tsx';

/** Which backend, and which of its ports. */
export function BackendReferenceFields(props: {
  readonly pointer: string;
  /** Other members that the caller shows. */
  readonly shownBeside?: readonly string[];
}) {
  const { pointer, shownBeside = [] } = props;
  const { body, edit, references, document } = useForm();
  const reference = valueAt(body, pointer);
  const here = document.namespace;
  const isBackend = stringAt(reference, 'kind') === 'Backend';
  const ports = references.backends.find(
    (each) =>
      each.name === stringAt(reference, 'name') &&
      each.namespace === (stringAt(reference, 'namespace') ?? here),
  )?.ports;
  return (
    <>
      <ReferenceField
        pointer={`${pointer}/name`}
        label="Backend"
        value={referenceText(reference)}
        options={referenceOptions(references.backends, here)}
        placeholder="name, or namespace/name"
        note={referenceNote(references.backends, reference, here, {
          noun: 'Service or Backend',
          grant: true,
        })}
        onTake={(text) =>
          edit(setBackend(body, pointer, text, { references, here }), `backend ${pointer}`)
        }
      />
      <TextField
        pointer={`${pointer}/port`}
        label="Port"
        placeholder={isBackend ? 'as its endpoints have it' : (ports ?? []).join(', ')}
        isNumber
      />
      <AlsoSet
        pointer={pointer}
        shown={['group', 'kind', 'namespace', 'name', 'port', ...shownBeside]}
      />
    </>
  );
}
