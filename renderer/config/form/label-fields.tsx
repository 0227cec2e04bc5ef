import { isJsonObject, pointerTo } from '../../../core/gateway/json.ts';
import { useForm } from './form-context.tsx';
import { renameMember, setValue, valueAt } from './form-ops.ts';
import itemClasses from './items.module.css';
import classes from './match.module.css';
import { ReferenceControl } from './reference-field.tsx';
import { Row } from './row.tsx';
import { TextControl } from './text-field.tsx';

const NO_OPTIONS: readonly string[] = [];

/** A map of names to values: labels, or headers of a request. */
export function LabelFields(props: {
  readonly pointer: string;
  readonly label: string;
  readonly noun?: string;
}) {
  const { pointer, label, noun = 'label' } = props;
  const { body, edit } = useForm();
  const map = valueAt(body, pointer);
  const names = isJsonObject(map) ? Object.keys(map) : [];
  const add = () => {
    let name = noun;
    for (let next = 2; names.includes(name); next += 1) name = `${noun}-${next}`;
    edit(setValue(body, pointerTo(pointer, name), '1'), `add ${noun} ${pointer}`);
  };
  return (
    <Row label={label} pointer={pointer}>
      <div className={itemClasses.list}>
        {names.map((name, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a name that is being typed must keep its field
          <div key={at} className={itemClasses.head}>
            <div className={classes.namedValue}>
              <ReferenceControl
                label={`Name of the ${noun}`}
                value={name}
                options={NO_OPTIONS}
                onTake={(text) =>
                  edit(renameMember(body, pointer, name, text.trim()), `${noun} ${pointer} ${at}`)
                }
              />
              <TextControl
                pointer={pointerTo(pointer, name)}
                label={`Value of ${name}`}
                isRequired
              />
            </div>
            <button
              type="button"
              className={itemClasses.control}
              aria-label={`Remove ${name}`}
              title="Remove"
              onClick={() =>
                edit(
                  setValue(body, pointerTo(pointer, name), undefined, { prune: true }),
                  `remove ${noun} ${pointer} ${name}`,
                )
              }
            >
              ×
            </button>
          </div>
        ))}
        <button type="button" className={itemClasses.add} onClick={add}>
          + {noun}
        </button>
      </div>
    </Row>
  );
}
