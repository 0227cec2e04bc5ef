import { dnsSubdomain, headerName, headerValue, matchValue } from './formats.ts';
import { anything, choice, doc, integer, list, mapOf, object, type Shape, text } from './shape.ts';
import { metadata } from './shapes-common.ts';
import { HTTP_METHODS } from './shapes-route.ts';

/** Requests of one RequestSuite. */
export const SUITE_REQUESTS_MAX = 500;

const expectation = doc(
  'What must become of the request; left out, it is only shown.',
  object({
    backend: doc('It is sent to this backend: namespace/name.', text(matchValue)),
    status: doc('The gateway answers it with this status.', integer(200, 599)),
    redirect: doc('It is redirected to this URL.', text(matchValue)),
  }),
);

export const requestSuiteShape: Shape = object(
  {
    apiVersion: doc('Always holdfast.dev/v1alpha1.', text()),
    kind: doc('What this resource is.', text()),
    metadata: metadata('namespaced'),
    status: anything,
    spec: doc(
      'Requests that are tried on every change, at the head and in the draft. Kept with the config, never sent to nodes.',
      object(
        {
          requests: doc(
            'The requests, in the order in which they are shown.',
            list(
              object(
                {
                  name: doc('What the request is called; once in a suite.', text(dnsSubdomain)),
                  method: doc('GET when left out.', choice(...HTTP_METHODS)),
                  url: doc(
                    'Where it goes, such as https://shop.example.com/checkout?x=1. The port is 80 or 443 when left out.',
                    text(matchValue),
                  ),
                  headers: doc('Headers of the request.', mapOf(text(headerValue), headerName)),
                  expect: expectation,
                },
                ['name', 'url'],
              ),
              SUITE_REQUESTS_MAX,
              1,
            ),
          ),
        },
        ['requests'],
      ),
    ),
  },
  ['metadata', 'spec'],
);
