import process from 'node:process';
import { traceHashes } from './trace-hashes.ts';

// Entry of the processes that `same-hash.test.ts` compares: the same, twice in one process.
process.stdout.write(JSON.stringify([await traceHashes(), await traceHashes()]));
