import { durationMs } from './formats.ts';
import {
  hasMember,
  isJsonObject,
  type Json,
  type JsonObject,
  listAt,
  objectAt,
  pointerTo,
  stringAt,
} from './json.ts';
import { isSigningPoint, PRIVATE_JWK_MEMBERS, readJwk } from './policy/jwk.ts';
import { policyTargetOf, targetKeyOf } from './policy/policy-target.ts';
import type { Report } from './shape.ts';
import { checkRepeats } from './validate-entries.ts';

const LIMITS = ['rateLimit', 'concurrency', 'circuitBreaker', 'retryBudget'];

/** Stage two for TrafficPolicy. */
export function checkTrafficPolicyMeaning(body: JsonObject, report: Report): void {
  const spec = objectAt(body, 'spec');
  checkTargets(spec, report);
  if (!LIMITS.some((limit) => hasMember(spec, limit))) {
    const message = `This policy limits nothing; add one of ${LIMITS.join(', ')}, or remove it.`;
    report('warning', 'no-effect', '/spec', message);
  }
  checkDuration(spec, ['rateLimit', 'window'], 10, 3_600_000, '10ms and 1h', report);
  checkDuration(spec, ['circuitBreaker', 'interval'], 100, 3_600_000, '100ms and 1h', report);
  checkDuration(spec, ['circuitBreaker', 'openFor'], 100, 3_600_000, '100ms and 1h', report);
}

/** Stage two for AuthPolicy. */
export function checkAuthPolicyMeaning(body: JsonObject, report: Report): void {
  const spec = objectAt(body, 'spec');
  checkTargets(spec, report);
  if (!hasMember(spec, 'apiKey') && !hasMember(spec, 'jwt')) {
    const message =
      'This policy takes no credential, so nobody could pass; add apiKey or jwt, or remove the policy.';
    report('error', 'no-credential', '/spec', message);
  }
  const keys = listAt(objectAt(spec, 'apiKey'), 'keys');
  const at = '/spec/apiKey/keys';
  checkRepeats(keys, at, (key) => stringAt(key, 'name'), 'key name', report);
  checkRepeats(keys, at, (key) => stringAt(key, 'sha256'), 'hash', report);
  checkDuration(spec, ['jwt', 'clockSkew'], 0, 600_000, '0s and 10m', report);
  listAt(objectAt(spec, 'jwt'), 'keys').forEach((key, index) => {
    checkJwk(key, pointerTo('/spec/jwt/keys', index), report);
  });
}

/** Stage two for FeatureFlag. */
export function checkFeatureFlagMeaning(body: JsonObject, report: Report): void {
  const spec = objectAt(body, 'spec');
  const mode = stringAt(spec, 'mode');
  const when = objectAt(spec, 'when');
  const says = ['percent', 'headers', 'cells'].some((field) => hasMember(when, field));
  if (mode === 'Conditional' && !says) {
    const message =
      'A Conditional flag without conditions is never on; add when, or say mode: Off.';
    report('warning', 'no-effect', '/spec', message);
  }
  if ((mode === 'On' || mode === 'Off') && says) {
    const message = `With mode ${mode} the conditions have no effect; say mode: Conditional, or remove when.`;
    report('warning', 'no-effect', '/spec/when', message);
  }
}

function checkTargets(spec: JsonObject | undefined, report: Report): void {
  const seen = new Set<string>();
  listAt(spec, 'targetRefs').forEach((reference, index) => {
    const pointer = pointerTo('/spec/targetRefs', index);
    const target = policyTargetOf(reference);
    if (target === null) {
      // What is missing altogether was said with the shape.
      if (!['group', 'kind', 'name'].every((field) => hasMember(reference, field))) return;
      const message =
        'A policy is attached to a Gateway or an HTTPRoute of gateway.networking.k8s.io; change group and kind.';
      report('error', 'wrong-target', pointer, message);
      return;
    }
    const key = targetKeyOf('', target);
    if (seen.has(key)) {
      report('error', 'duplicate-entry', pointer, 'This target stands here twice; keep one.');
    }
    seen.add(key);
  });
}

function checkDuration(
  spec: JsonObject | undefined,
  [owner, field]: readonly [string, string],
  minMs: number,
  maxMs: number,
  range: string,
  report: Report,
): void {
  const written = stringAt(objectAt(spec, owner), field);
  const ms = written === undefined ? null : durationMs(written);
  if (ms === null || (ms >= minMs && ms <= maxMs)) return;
  const message = `spec.${owner}.${field} must be between ${range}; it is ${written}.`;
  report('error', 'out-of-range', `/spec/${owner}/${field}`, message);
}

function checkJwk(key: Json, pointer: string, report: Report): void {
  if (!isJsonObject(key) || stringAt(key, 'kty') === undefined) return;
  // Private parts are refused as secrets, with what to do about them.
  if (PRIVATE_JWK_MEMBERS.some((member) => Object.hasOwn(key, member))) return;
  const reading = readJwk(key);
  if (reading.ok) {
    if (isSigningPoint(reading.value)) return;
    const message = 'This JWK is no public key: its point is not one that can sign; copy it anew.';
    report('error', 'bad-key', pointer, message);
    return;
  }
  const { member, problem } = reading.error;
  const at = hasMember(key, member) ? pointerTo(pointer, member) : pointer;
  report('error', 'bad-key', at, `${member} of this JWK ${problem}.`);
}
