import { planInventory, type RosterNode } from '../../core/fleet/roster.ts';
import type { ConsoleRefusal } from '../../core/protocol/console-api.ts';
import type { ControlPlaneLink } from './control-plane-link.ts';
import type { DraftKeeper } from './draft-keeper.ts';
import { problemLines, refusalHeadline } from './first-config.ts';
import type { FleetModel } from './fleet-model.ts';
import type { FirstRun, HostSettings } from './host-settings.ts';
import type { Publisher } from './publisher.ts';

export interface ProvisionInput {
  readonly model: FleetModel;
  readonly settings: HostSettings;
  readonly drafts: DraftKeeper;
  readonly nowMs: () => number;
  readonly operator: string;
  readonly controlPlane: ControlPlaneLink;
  readonly publisher: Publisher;
  readonly log: (line: string) => void;
  readonly inventoryKnown: (inventory: readonly RosterNode[]) => void;
}

/** Hands inventory and first config to a new control plane, from wherever that was cut off before. */
export async function provisionFleet(firstRun: FirstRun, input: ProvisionInput): Promise<void> {
  if (!(await provisionInventory(firstRun, input))) return;
  const { model, settings, publisher, operator } = input;
  if (firstRun.configText !== null && model.head === null) {
    const published = await publisher.publish({
      text: firstRun.configText,
      base: null,
      message: firstRun.configName === null ? 'Sample config' : `From ${firstRun.configName}`,
      actor: operator,
      name: nameOf(firstRun),
    });
    // Killed in the middle: the next start goes on from here.
    if (!published.ok && published.error.reason === 'control-plane-down') return;
    if (published.ok) dropRefusedDraft(input);
    else refused(firstRun, published.error, input);
  }
  settings.isProvisioned = true;
}

async function provisionInventory(firstRun: FirstRun, input: ProvisionInput): Promise<boolean> {
  const { model, operator, controlPlane } = input;
  if (model.rosterNodes.length > 0) {
    input.inventoryKnown(model.rosterNodes);
    return true;
  }
  const { nodes, cells } = firstRun;
  const answer = await controlPlane.request({
    method: 'change-inventory',
    add: [...planInventory({ nodes, cells, current: [] }).add],
    retire: [],
    actor: operator,
  });
  if (answer.ok) input.inventoryKnown(answer.value.inventory);
  else input.log(`The fleet could not be provisioned: ${answer.error.detail}`);
  return answer.ok;
}

/**
 * One message with every file and line, and what to do. The console stays up, with nothing published:
 * the config can then be mended where its problems show.
 */
function refused(firstRun: FirstRun, refusal: ConsoleRefusal, input: ProvisionInput): void {
  const name = nameOf(firstRun);
  const errors = (refusal.problems ?? []).filter((problem) => problem.severity === 'error');
  const lines = problemLines(name, errors);
  const message = `${name} was not published: ${refusalHeadline(refusal)}`;
  const said = lines === '' ? [message] : [message, lines];
  const { configName, configText } = firstRun;
  if (configName !== null && configText !== null) {
    const isKept = keepAsDraft(configText, input);
    said.push(
      `The console runs, with nothing published. ${isKept ? `${name} is the draft: mend it there and publish` : 'Your draft was left alone: publish it'}; or stop the console, mend ${name} and start it with --config again.`,
    );
  }
  input.log(said.join('\n'));
}

/** False when a person's own draft is there: that is left alone. */
function keepAsDraft(text: string, { drafts, settings, nowMs }: ProvisionInput): boolean {
  const held = drafts.read();
  if (held !== null && held.text !== settings.refusedText) return false;
  if (!drafts.save({ text, base: null, savedAtMs: drafts.nextSavedAtMs(nowMs()) }).ok) return false;
  settings.refusedText = text;
  return true;
}

/** A refused config that was mended in its file, not in the console. */
function dropRefusedDraft({ drafts, settings }: ProvisionInput): void {
  if (settings.refusedText === null) return;
  drafts.discardIfPublished(settings.refusedText);
  settings.refusedText = null;
}

function nameOf(firstRun: FirstRun): string {
  return firstRun.configName ?? 'sample config';
}
