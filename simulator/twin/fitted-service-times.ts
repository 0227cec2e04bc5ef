import type { Calibration } from './service-times.ts';

/** Written by `npm run calibrate -- --write`; not to be changed by hand. */
export const CALIBRATION: Calibration = {
  date: '2026-11-21',
  nodeVersion: 'v24.21.0',
  cores: 2,
  wallPerCpu: 1.45,
  fleets: [
    {
      nodes: 100,
      publishes: 12,
      live: {
        t50Ms: 27.5,
        t99Ms: 28.5,
      },
      twin: {
        t50Ms: 29.5,
        t99Ms: 30.4,
      },
    },
    {
      nodes: 300,
      publishes: 12,
      live: {
        t50Ms: 29.5,
        t99Ms: 31.7,
      },
      twin: {
        t50Ms: 36.8,
        t99Ms: 40.9,
      },
    },
    {
      nodes: 1_000,
      publishes: 12,
      live: {
        t50Ms: 76.3,
        t99Ms: 90.9,
      },
      twin: {
        t50Ms: 71.7,
        t99Ms: 85.4,
      },
    },
  ],
  times: {
    acceptUs: 170,
    helloUs: 170,
    heartbeatUs: 84,
    answerUs: 16,
    otherUs: 16,
    sendUs: 16,
    pushUs: 16,
    publishUs: 8_629,
    publishUsPerResource: 16,
    publishUsPerResourceNew: 1_061,
    nodeConnectUs: 512,
    nodeFrameUs: 59,
    nodeSendUs: 59,
    nodeApplyUs: 202,
    nodeApplyUsPerResource: 42,
    diskWriteUsMin: 173,
    diskWriteUsMax: 207,
  },
  shared: {
    frameUs: 13,
    sendUs: 13,
    furtherApplyUs: 13,
    servedUsPerResource: 7,
  },
};
