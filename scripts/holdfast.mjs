#!/usr/bin/env node
import { exitOf, inRoot, spawnNode } from './child.mjs';
import { endWithNpm } from './end-with-npm.mjs';
import { pickNode } from './pick-node.mjs';

// The `holdfast` command: runs main/cli/main.ts with a Node that can.
const picked = pickNode();
if ('problem' in picked) {
  process.stderr.write(`${picked.problem}\n`);
  process.exit(1);
}
endWithNpm();
const child = spawnNode(picked.path, [inRoot('main/cli/main.ts'), ...process.argv.slice(2)], {
  cwd: process.cwd(),
});
process.exit(await exitOf(child));
