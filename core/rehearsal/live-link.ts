/**
 * A link of the live world without faults, on loopback, each way: microseconds. Used for rehearsals
 * of a console's own fleet. Written by `npm run calibrate -- --write`; not to be changed by hand.
 */
export const LIVE_LINK_NATURE = { latencyUs: 16, jitterUs: 23 } as const;
