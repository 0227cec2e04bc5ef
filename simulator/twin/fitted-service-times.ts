import type { Calibration } from './service-times.ts';

/** Written by `npm run calibrate -- --write`; not to be changed by hand. */
export const CALIBRATION: Calibration = {
  date: '2026-11-21',
  nodeVersion: 'v24.21.0',
  cores: 2,
  wallPerCpu: 1.01,
  wallPerCpuMore: 1.17,
  fleets: [
    {
      nodes: 100,
      publishes: 12,
      live: {
        t50Ms: 20.3,
        t99Ms: 22.1,
      },
      twin: {
        t50Ms: 22.5,
        t99Ms: 23,
      },
    },
    {
      nodes: 300,
      publishes: 12,
      live: {
        t50Ms: 25.9,
        t99Ms: 30,
      },
      twin: {
        t50Ms: 27.2,
        t99Ms: 29,
      },
    },
    {
      nodes: 1_000,
      publishes: 12,
      live: {
        t50Ms: 46.2,
        t99Ms: 56.1,
      },
      twin: {
        t50Ms: 45.1,
        t99Ms: 55.4,
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
          t50Ms: 259.2,
          t99Ms: 260.2,
        },
        twin: {
          t50Ms: 327.8,
          t99Ms: 328.3,
        },
      },
      {
        nodes: 300,
        publishes: 4,
        live: {
          t50Ms: 320.8,
          t99Ms: 339.3,
        },
        twin: {
          t50Ms: 387.9,
          t99Ms: 389.5,
        },
      },
      {
        nodes: 1_000,
        publishes: 4,
        live: {
          t50Ms: 662.9,
          t99Ms: 670.1,
        },
        twin: {
          t50Ms: 599,
          t99Ms: 604.2,
        },
      },
    ],
  },
  times: {
    acceptUs: 107,
    helloUs: 107,
    heartbeatUs: 56,
    answerUs: 10,
    otherUs: 10,
    sendUs: 10,
    pushUs: 10,
    pushUsPerMegabyte: 161,
    publishUs: 6_855,
    publishUsPerResource: 12,
    publishUsPerResourceNew: 762,
    publishUsPerMegabyteChanged: 929_156,
    nodeConnectUs: 326,
    nodeFrameUs: 37,
    nodeSendUs: 37,
    nodeFrameUsPerMegabyte: 978,
    nodeApplyUs: 155,
    nodeApplyUsPerResource: 22,
    nodeApplyUsPerMegabyte: 9_860,
    diskWriteUsMin: 140,
    diskWriteUsMax: 164,
    diskWriteUsPerMegabyte: 3_650,
  },
  shared: {
    frameUs: 7,
    sendUs: 7,
    furtherApplyUs: 7,
    servedUsPerResource: 6,
    servedUsPerResourceChanged: 54,
  },
};
