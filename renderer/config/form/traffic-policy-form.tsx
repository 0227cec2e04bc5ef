import { hasMember, isJsonObject, type JsonObject, stringAt } from '../../../core/gateway/json.ts';
import { AlsoSet } from './also-set-note.tsx';
import { useForm } from './form-context.tsx';
import { setValue, valueAt } from './form-ops.ts';
import itemClasses from './items.module.css';
import { OptionalPart } from './optional-part.tsx';
import { LIMITS, type LimitPart } from './policy-limits.ts';
import { PolicyTargets } from './policy-targets.tsx';
import { TextField } from './text-field.tsx';

export function TrafficPolicyForm() {
  const { body, edit } = useForm();
  const spec = valueAt(body, '/spec');
  const missing = LIMITS.filter((limit) => !hasMember(spec, limit.key));
  return (
    <>
      <PolicyTargets />
      {LIMITS.map((limit) => {
        const value = valueAt(body, `/spec/${limit.key}`);
        return isJsonObject(value) ? <Limit key={limit.key} limit={limit} value={value} /> : null;
      })}
      <div className={itemClasses.adds}>
        {missing.map((limit) => (
          <button
            key={limit.key}
            type="button"
            className={itemClasses.add}
            onClick={() =>
              edit(setValue(body, `/spec/${limit.key}`, limit.value), `add ${limit.key}`)
            }
          >
            + {limit.add}
          </button>
        ))}
      </div>
    </>
  );
}

function Limit(props: { readonly limit: LimitPart; readonly value: JsonObject }) {
  const { limit, value } = props;
  const pointer = `/spec/${limit.key}`;
  return (
    <OptionalPart label={limit.label} pointer={pointer} words={limit.sentence(value)}>
      {limit.fields.map((field) => (
        <TextField
          key={field.key}
          pointer={`${pointer}/${field.key}`}
          label={field.label}
          placeholder={field.placeholder ?? ''}
          isNumber={field.isNumber}
          {...(field.key === 'window' && stringAt(value, 'window') === undefined
            ? { note: 'From 10ms to 1h.' }
            : {})}
        />
      ))}
      <AlsoSet pointer={pointer} shown={limit.fields.map((field) => field.key)} />
    </OptionalPart>
  );
}
