import { pointerInWords } from '../../../core/gateway/json.ts';
import { unshown } from './also-set.ts';
import classes from './form.module.css';
import { useForm } from './form-context.tsx';
import { valueAt } from './form-ops.ts';

/** Names what the text sets and these fields do not show. It stays as it is. */
export function AlsoSet(props: { readonly pointer: string; readonly shown: readonly string[] }) {
  const { body } = useForm();
  const names = unshown(valueAt(body, props.pointer), props.shown);
  return <AlsoSetNames names={names} />;
}

export function AlsoSetNames(props: { readonly names: readonly string[] }) {
  if (props.names.length === 0) return null;
  return (
    <p className={classes.also}>
      also set in the text: <code>{props.names.join(', ')}</code>
    </p>
  );
}

/** The same for a single value that has no fields at all. */
export function KeptInText(props: { readonly pointer: string }) {
  return (
    <span className={classes.also}>
      kept as it is in the text: <code>{pointerInWords(props.pointer)}</code>
    </span>
  );
}
