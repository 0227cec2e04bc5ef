import type { Calibration } from './service-times.ts';

/** Written by `npm run calibrate -- --write`; not to be changed by hand. */
export const CALIBRATION: Calibration = {
  date: '2026-11-21',
  nodeVersion: 'v24.21.0',
  cores: 2,
  wallPerCpu: 1.63,
  fleets: [
    {
      nodes: 100,
      publishes: 12,
      live: {
        t50Ms: 27.3,
        t99Ms: 28.1,
      },
      twin: {
        t50Ms: 30.6,
        t99Ms: 34,
      },
    },
    {
      nodes: 300,
      publishes: 12,
      live: {
        t50Ms: 29.4,
        t99Ms: 33.3,
      },
      twin: {
        t50Ms: 38,
        t99Ms: 41.1,
      },
    },
    {
      nodes: 1_000,
      publishes: 12,
      live: {
        t50Ms: 78.2,
        t99Ms: 93.5,
      },
      twin: {
        t50Ms: 70.2,
        t99Ms: 82.3,
      },
    },
  ],
  times: {
    acceptUs: 158,
    helloUs: 158,
    heartbeatUs: 103,
    answerUs: 18,
    otherUs: 18,
    sendUs: 18,
    pushUs: 18,
    publishUs: 6_367,
    publishUsPerResource: 18,
    publishUsPerResourceNew: 1_139,
    nodeConnectUs: 479,
    nodeFrameUs: 70,
    nodeSendUs: 70,
    nodeApplyUs: 341,
    nodeApplyUsPerResource: 60,
    diskWriteUsMin: 245,
    diskWriteUsMax: 3_974,
  },
  shared: {
    frameUs: 11,
    sendUs: 11,
    furtherApplyUs: 11,
    servedUsPerResource: 10,
  },
};
