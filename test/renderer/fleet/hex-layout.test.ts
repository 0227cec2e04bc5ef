import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type HexLayout,
  layoutHexes,
  PITCH_MAX_PX,
  slotAt,
  slotCentre,
} from '../../../renderer/fleet/hex-layout.ts';

const rooms = fc.record({
  widthPx: fc.integer({ min: 900, max: 2_400 }),
  heightPx: fc.integer({ min: 620, max: 1_400 }),
});
const fleets = fc.array(fc.integer({ min: 1, max: 800 }), { minLength: 1, maxLength: 8 });

function centres(layout: HexLayout): (readonly [number, number])[] {
  return layout.boxes.flatMap((box) =>
    Array.from({ length: box.nodes }, (_, slot) => slotCentre(box, layout.pitchPx, slot)),
  );
}

test('[UIMAP1] every node has its place inside the room', () => {
  fc.assert(
    fc.property(fleets, rooms, (nodesByCell, room) => {
      const layout = layoutHexes(nodesByCell, room);
      const placed = centres(layout);
      assert.equal(
        placed.length,
        nodesByCell.reduce((sum, nodes) => sum + nodes, 0),
      );
      for (const [x, y] of placed) {
        assert.ok(
          x - layout.radiusPx * 0.87 >= -0.01 && x + layout.radiusPx * 0.87 <= room.widthPx + 0.01,
        );
        assert.ok(y - layout.radiusPx >= 0 && y + layout.radiusPx <= room.heightPx + 0.01);
      }
    }),
    { numRuns: 60 },
  );
});

test('[UIMAP2] no two hexes and no two cells lie on each other', () => {
  fc.assert(
    fc.property(fleets, rooms, (nodesByCell, room) => {
      const { boxes } = layoutHexes(nodesByCell, room);
      boxes.forEach((a, i) => {
        for (const b of boxes.slice(i + 1)) {
          const apart =
            a.x + a.widthPx <= b.x + 0.01 ||
            b.x + b.widthPx <= a.x + 0.01 ||
            a.y + a.heightPx <= b.y + 0.01 ||
            b.y + b.heightPx <= a.y + 0.01;
          assert.ok(apart, `cells ${a.cell} and ${b.cell} overlap`);
        }
      });
    }),
    { numRuns: 60 },
  );
});

test('[UIMAP3] glyphs are as large as the room allows', () => {
  const room = { widthPx: 880, heightPx: 570 };
  const small = layoutHexes([2_500, 2_500, 2_500, 2_500], room);
  // 10,000 hexes of this pitch fill most of the room.
  const used = (10_000 * small.pitchPx * small.pitchPx * 0.866) / (room.widthPx * room.heightPx);
  assert.ok(used > 0.75, `only ${used} of the room is used`);
  assert.equal(layoutHexes([5, 5], room).pitchPx, PITCH_MAX_PX);
  const wider = layoutHexes([50, 50, 50, 50], { widthPx: 1_500, heightPx: 900 });
  assert.ok(wider.pitchPx > layoutHexes([50, 50, 50, 50], room).pitchPx);
});

test('[UIMAP4] the node under the pointer is the one that is drawn there', () => {
  fc.assert(
    fc.property(fleets, rooms, (nodesByCell, room) => {
      const layout = layoutHexes(nodesByCell, room);
      for (const box of layout.boxes) {
        for (const slot of [0, box.nodes >> 1, box.nodes - 1]) {
          const [x, y] = slotCentre(box, layout.pitchPx, slot);
          const off = layout.pitchPx * 0.3;
          assert.equal(slotAt(box, layout.pitchPx, x, y), slot);
          assert.equal(slotAt(box, layout.pitchPx, x + off, y), slot);
          assert.equal(slotAt(box, layout.pitchPx, x, y - off), slot);
        }
      }
    }),
    { numRuns: 60 },
  );
});

test('[UIMAP5] a room or a fleet of nothing is laid out as nothing', () => {
  assert.deepEqual(layoutHexes([], { widthPx: 800, heightPx: 600 }).boxes, []);
  assert.deepEqual(layoutHexes([10], { widthPx: 0, heightPx: 0 }).boxes, []);
  assert.equal(layoutHexes([0, 10], { widthPx: 800, heightPx: 600 }).boxes.length, 2);
});
