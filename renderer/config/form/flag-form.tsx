import { AlsoSet } from './also-set-note.tsx';
import { ChoiceField } from './choice-field.tsx';
import { useForm } from './form-context.tsx';
import { setValue, valueAt } from './form-ops.ts';
import { flagSentence } from './kind-sentence.ts';
import { NamedValues } from './match-fields.tsx';
import { Row } from './row.tsx';
import { TextField, WordsField } from './text-field.tsx';
import { plainWords } from './words.ts';

const MODES = [
  { value: 'On', label: 'on' },
  { value: 'Off', label: 'off' },
  { value: 'Conditional', label: 'on for some requests' },
];

export function FlagForm() {
  const { body, references } = useForm();
  const spec = valueAt(body, '/spec') ?? {};
  const isConditional =
    valueAt(spec, '/mode') === 'Conditional' || valueAt(spec, '/when') !== undefined;
  return (
    <>
      <ChoiceField
        pointer="/spec/mode"
        label="Is"
        choices={MODES}
        note={plainWords(flagSentence(spec))}
        opsFor={(mode) => [
          ...setValue(body, '/spec/mode', mode),
          ...(mode === 'Conditional' && valueAt(spec, '/when') === undefined
            ? setValue(body, '/spec/when', { percent: 10 })
            : []),
        ]}
      />
      {isConditional ? (
        <>
          <TextField
            pointer="/spec/when/percent"
            label="Percent"
            placeholder="of requests"
            isNumber
          />
          <Row label="Or header" pointer="/spec/when/headers">
            <NamedValues pointer="/spec/when/headers" noun="header" />
          </Row>
          <WordsField
            pointer="/spec/when/cells"
            label="Or in cells"
            placeholder={references.cells.slice(0, 3).join(', ')}
          />
          <AlsoSet pointer="/spec/when" shown={['percent', 'headers', 'cells']} />
        </>
      ) : null}
    </>
  );
}
