import type { Migration } from '../migrate.ts';
import { initial } from './0001-initial.ts';
import { touches } from './0002-touches.ts';

/** In order, numbered from 1 without gaps. Published ones are never edited: a change is a new one. */
export const ALL_MIGRATIONS: readonly Migration[] = [initial, touches];
