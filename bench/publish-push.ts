import { canonicalJson } from '../core/config/canonical.ts';
import { parseConfig } from '../core/gateway/parse-config.ts';
import { measureBareBroadcast } from './bare-broadcast.ts';
import { startPlanes } from './planes.ts';
import { sampleConfigText } from './sample-config.ts';
import { type BenchRow, median } from './statistics.ts';

const ROUTES = 950; // with the Services and the Gateway: 1,000 resources
const ROUNDS = 7;

/**
 * Publish → 99 % of the nodes acked, by the control plane's own exact instants (commit to ack),
 * against the bare broadcast of the same bytes to the same number of sockets. One resource of about
 * 0.8 kB changes. Every simulated node verifies, persists and acks; equal bytes are decoded, hashed
 * and compiled once for all nodes of the process, which is an optimisation of simulation.
 */
export async function benchPublishPush(nodes: number): Promise<BenchRow[]> {
  const planes = await startPlanes({ nodes });
  const times: number[] = [];
  let bytesPerNode = 0;
  let changedBytes = 0;
  try {
    let head = (
      await planes.request({
        method: 'publish',
        text: sampleConfigText(ROUTES),
        base: null,
        message: 'the fixed workload',
        actor: 'bench',
      })
    ).record.revision;
    for (let round = 0; round < ROUNDS; round += 1) {
      await planes.untilBelief((b) => b.counts.acknowledged === nodes);
      const text = sampleConfigText(ROUTES, 17, round + 1);
      const published = await planes.request({
        method: 'publish',
        text,
        base: head,
        message: `round ${round}`,
        actor: 'bench',
      });
      head = published.record.revision;
      await planes.untilBelief((b) => b.head?.revision === head && b.counts.acknowledged === nodes);
      const report = await planes.request({ method: 'get-convergence', revision: head });
      if (report.t99Ms === null) throw new Error('99 % is not reached');
      times.push(report.t99Ms);
      bytesPerNode = report.bytes / nodes;
      changedBytes = changedResourceBytes(text);
    }
  } finally {
    await planes.close();
  }
  const payload = JSON.stringify({ body: 'x'.repeat(Math.max(0, Math.round(bytesPerNode) - 11)) });
  const bare = await measureBareBroadcast({ sockets: nodes, payload, rounds: ROUNDS });
  const name = nodes.toLocaleString('en');
  return [
    {
      name: `publish → 99 % acked, ${name} live nodes`,
      measured: median(times),
      unit: 'ms',
      baseline: median(bare),
      baselineName: 'bare ws broadcast of the same bytes, parsed and answered',
      ratio: median(times) / median(bare),
      bar: '≤ 1.5 × (at 10,000)',
      samples: ROUNDS,
    },
    {
      name: `bytes on the wire per node, ${name} live nodes`,
      measured: bytesPerNode,
      unit: 'B',
      baseline: changedBytes,
      baselineName: "the changed resource's canonical JSON",
      ratio: bytesPerNode / changedBytes,
      bar: '≤ canonical + 300 B',
      samples: ROUNDS,
    },
  ];
}

function changedResourceBytes(text: string): number {
  const route = parseConfig(text).documents.find((d) => d.name === 'route-00017');
  if (route?.body === undefined || route.body === null) throw new Error('no such route');
  // The store adds a creation time of fixed length.
  return canonicalJson(route.body).length + '"creationTimestamp":"2026-01-01T00:00:00Z",'.length;
}
