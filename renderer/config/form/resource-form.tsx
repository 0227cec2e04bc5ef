import type { ComponentType } from 'react';
import type { EditOp } from '../../../core/gateway/edit/edit-op.ts';
import { touchInWords } from '../../history/touch-words.ts';
import { useNow } from '../../state/use-now.ts';
import { alsoSet } from './also-set.ts';
import { AlsoSetNames } from './also-set-note.tsx';
import { AuthPolicyForm } from './auth-policy-form.tsx';
import { FlagForm } from './flag-form.tsx';
import classes from './form.module.css';
import { FormProvider, useForm } from './form-context.tsx';
import type { FormDocument, FormReferences } from './form-model.ts';
import { GatewayForm, ListenerSetForm } from './gateway-form.tsx';
import { BackendForm, GrantForm, NamespaceForm, ServiceForm } from './plain-forms.tsx';
import { RouteForm } from './route-form.tsx';
import { ProblemsOf } from './row.tsx';
import { SuiteForm } from './suite-form.tsx';
import { TrafficPolicyForm } from './traffic-policy-form.tsx';

const FORMS: Readonly<Record<string, ComponentType>> = {
  Gateway: GatewayForm,
  ListenerSet: ListenerSetForm,
  HTTPRoute: RouteForm,
  ReferenceGrant: GrantForm,
  Service: ServiceForm,
  Backend: BackendForm,
  Namespace: NamespaceForm,
  TrafficPolicy: TrafficPolicyForm,
  AuthPolicy: AuthPolicyForm,
  FeatureFlag: FlagForm,
  RequestSuite: SuiteForm,
};

/** A resource as a form. Every change leaves as edits of the text through `onEdit`. */
export function ResourceForm(props: {
  readonly document: FormDocument;
  readonly references: FormReferences;
  readonly onEdit: (ops: readonly EditOp[], label: string) => void;
  /** A fix that adds a document: a ReferenceGrant, a Service. */
  readonly onAddDocument: (source: string, label: string) => void;
}) {
  const { document, references, onEdit, onAddDocument } = props;
  if (document.body === null) return <UnreadableForm document={document} />;
  return (
    // What is open belongs to one resource.
    <FormProvider
      key={document.key}
      document={document}
      body={document.body}
      references={references}
      onEdit={onEdit}
      onAddDocument={onAddDocument}
    >
      <div className={classes.form}>
        <FormHead document={document} />
        <KindForm />
      </div>
    </FormProvider>
  );
}

function KindForm() {
  const { document, body } = useForm();
  const Form = Object.hasOwn(FORMS, document.kind) ? FORMS[document.kind] : undefined;
  return (
    <>
      {Form === undefined ? (
        <p className={classes.note}>
          There is no form for this kind. Edit its text in the YAML; it is kept and versioned, and
          never sent to nodes.
        </p>
      ) : (
        <Form />
      )}
      <ProblemsOf pointer="" />
      {Form === undefined ? null : <AlsoSetNames names={alsoSet(document.kind, body)} />}
    </>
  );
}

function FormHead(props: { readonly document: FormDocument }) {
  const { kind, namespace, name, touched, changed } = props.document;
  const isNew = changed.includes('');
  const nowMs = useNow(60_000);
  return (
    <header>
      <h3 className={classes.title}>{namespace === '' ? name : `${namespace} / ${name}`}</h3>
      <p className={classes.subtitle}>
        {kind}
        {touched === null ? '' : `, last touched in ${touchInWords(touched, nowMs)}`}
        {isNew ? <span className={classes.changedMark}>, new in this draft</span> : null}
      </p>
    </header>
  );
}

/** No form can be read from such a text, so it only says where to mend it. */
function UnreadableForm(props: { readonly document: FormDocument }) {
  const { name, problems } = props.document;
  const [first] = problems.filter((problem) => problem.severity === 'error');
  const [hint] = problems;
  return (
    <div className={classes.form}>
      <h3 className={classes.title}>{name === '' ? 'This document' : name}</h3>
      <p>
        {first === undefined
          ? 'There is no form for this kind. Edit its text in the YAML.'
          : `Line ${first.line} keeps it from being read.`}
      </p>
      {hint === undefined ? null : (
        <p className={classes.problem} data-severity={(first ?? hint).severity}>
          {(first ?? hint).message}
        </p>
      )}
      {first === undefined ? null : (
        <p className={classes.note}>Mend it in the YAML; the form comes back by itself.</p>
      )}
    </div>
  );
}
