import {
  hasMember,
  type Json,
  type JsonObject,
  listAt,
  objectAt,
  pointerTo,
  stringAt,
} from './json.ts';
import type { Report } from './shape.ts';
import { requestOfUrl } from './suite/request-of-url.ts';
import { checkRepeats } from './validate-entries.ts';

/** Stage two for RequestSuite. */
export function checkRequestSuiteMeaning(body: JsonObject, report: Report): void {
  const requests = listAt(objectAt(body, 'spec'), 'requests');
  const pointer = '/spec/requests';
  checkRepeats(requests, pointer, (one) => stringAt(one, 'name'), 'request name', report);
  requests.forEach((request, index) => {
    const at = pointerTo(pointer, index);
    const url = stringAt(request, 'url');
    const result = url === undefined ? null : requestOfUrl({ method: 'GET', url, headers: {} });
    if (result !== null && !result.ok) report('error', 'bad-url', `${at}/url`, result.error);
    checkExpectation(objectAt(request, 'expect'), `${at}/expect`, report);
  });
}

function checkExpectation(expect: Json | undefined, pointer: string, report: Report): void {
  if (expect === undefined) return;
  const backend = stringAt(expect, 'backend');
  const hasBackend = hasMember(expect, 'backend');
  const hasStatus = hasMember(expect, 'status');
  const hasRedirect = hasMember(expect, 'redirect');
  if (!hasBackend && !hasStatus && !hasRedirect) {
    const message = 'expect says nothing; add backend, status or redirect, or remove it.';
    report('warning', 'no-effect', pointer, message);
  }
  if (hasBackend && (hasStatus || hasRedirect)) {
    const message =
      'A request is sent to a backend or answered by the gateway, not both; keep backend, or keep status and redirect.';
    report('error', 'contrary-expectation', pointer, message);
  }
  if (backend !== undefined && !/^[a-z0-9.-]+\/[a-z0-9.-]+$/.test(backend)) {
    const message = 'A backend is given as namespace/name, such as checkout/cart-v2.';
    report('error', 'bad-name', `${pointer}/backend`, message);
  }
}
