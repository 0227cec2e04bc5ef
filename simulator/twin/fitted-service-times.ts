import type { Calibration } from './service-times.ts';

/** Written by `npm run calibrate -- --write`; not to be changed by hand. */
export const CALIBRATION: Calibration = {
  date: '2026-11-21',
  nodeVersion: 'v24.21.0',
  cores: 2,
  wallPerCpu: 1.13,
  wallPerCpuMore: 1.56,
  fleets: [
    {
      nodes: 100,
      publishes: 12,
      live: {
        t50Ms: 24,
        t99Ms: 25,
      },
      twin: {
        t50Ms: 24.9,
        t99Ms: 25.5,
      },
    },
    {
      nodes: 300,
      publishes: 12,
      live: {
        t50Ms: 34.1,
        t99Ms: 42.8,
      },
      twin: {
        t50Ms: 31.1,
        t99Ms: 33.8,
      },
    },
    {
      nodes: 1_000,
      publishes: 12,
      live: {
        t50Ms: 53.9,
        t99Ms: 64.7,
      },
      twin: {
        t50Ms: 57.2,
        t99Ms: 69.1,
      },
    },
  ],
  many: {
    documents: 300,
    bytes: 282_421,
    fleets: [
      {
        nodes: 100,
        publishes: 4,
        live: {
          t50Ms: 279.9,
          t99Ms: 280.6,
        },
        twin: {
          t50Ms: 324.4,
          t99Ms: 325,
        },
      },
      {
        nodes: 300,
        publishes: 4,
        live: {
          t50Ms: 324.2,
          t99Ms: 334.9,
        },
        twin: {
          t50Ms: 395.8,
          t99Ms: 398.8,
        },
      },
      {
        nodes: 1_000,
        publishes: 4,
        live: {
          t50Ms: 693.1,
          t99Ms: 700.8,
        },
        twin: {
          t50Ms: 594.6,
          t99Ms: 657.3,
        },
      },
    ],
  },
  times: {
    acceptUs: 132,
    helloUs: 132,
    heartbeatUs: 61,
    answerUs: 12,
    otherUs: 12,
    sendUs: 12,
    pushUs: 12,
    pushUsPerMegabyte: 966,
    publishUs: 4_189,
    publishUsPerResource: 16,
    publishUsPerResourceNew: 789,
    publishUsPerMegabyteChanged: 885_205,
    nodeConnectUs: 340,
    nodeFrameUs: 44,
    nodeSendUs: 44,
    nodeFrameUsPerMegabyte: 1_168,
    nodeApplyUs: 171,
    nodeApplyUsPerResource: 23,
    nodeApplyUsPerMegabyte: 14_606,
    diskWriteUsMin: 112,
    diskWriteUsMax: 176,
    diskWriteUsPerMegabyte: 2_603,
  },
  shared: {
    frameUs: 10,
    sendUs: 10,
    furtherApplyUs: 10,
    servedUsPerResource: 6,
    servedUsPerResourceChanged: 50,
  },
};
