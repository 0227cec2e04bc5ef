import { HOLDFAST_GROUP } from '../../../core/gateway/kinds.ts';
import type { Addition } from './add-control.tsx';
import type { FormReferences } from './form-model.ts';
import { newBackend } from './references.ts';

/** The changes that can be added to a rule, each with something that already does its work. */
export function newFilters(references: FormReferences, here: string): readonly Addition[] {
  const flag = references.flags.find((each) => each.namespace === here);
  return [
    {
      label: 'change request headers',
      value: () => ({
        type: 'RequestHeaderModifier',
        requestHeaderModifier: { set: [{ name: 'x-header', value: '1' }] },
      }),
    },
    {
      label: 'change response headers',
      value: () => ({
        type: 'ResponseHeaderModifier',
        responseHeaderModifier: { set: [{ name: 'x-header', value: '1' }] },
      }),
    },
    {
      label: 'rewrite path or host',
      value: () => ({
        type: 'URLRewrite',
        urlRewrite: { path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/' } },
      }),
    },
    {
      label: 'redirect',
      value: () => ({
        type: 'RequestRedirect',
        requestRedirect: {
          path: { type: 'ReplaceFullPath', replaceFullPath: '/' },
          statusCode: 302,
        },
      }),
    },
    {
      label: 'mirror',
      value: () => ({
        type: 'RequestMirror',
        requestMirror: { backendRef: newBackend(references, here), percent: 10 },
      }),
    },
    {
      label: 'allow other origins (CORS)',
      value: () => ({ type: 'CORS', cors: { allowOrigins: ['https://example.com'] } }),
    },
    {
      label: 'only while a flag is on',
      value: () => ({
        type: 'ExtensionRef',
        extensionRef: { group: HOLDFAST_GROUP, kind: 'FeatureFlag', name: flag?.name ?? 'flag' },
      }),
    },
  ];
}
