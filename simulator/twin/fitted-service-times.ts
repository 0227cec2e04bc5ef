import type { Calibration } from './service-times.ts';

/** Written by `npm run calibrate -- --write`; not to be changed by hand. */
export const CALIBRATION: Calibration = {
  date: '2026-11-21',
  nodeVersion: 'v24.21.0',
  cores: 2,
  wallPerCpu: 1.09,
  wallPerCpuMore: 1.42,
  fleets: [
    {
      nodes: 100,
      publishes: 12,
      live: {
        t50Ms: 18.9,
        t99Ms: 20,
      },
      twin: {
        t50Ms: 19.5,
        t99Ms: 20.3,
      },
    },
    {
      nodes: 300,
      publishes: 12,
      live: {
        t50Ms: 26.5,
        t99Ms: 28.4,
      },
      twin: {
        t50Ms: 26.5,
        t99Ms: 28.7,
      },
    },
    {
      nodes: 1_000,
      publishes: 12,
      live: {
        t50Ms: 49.4,
        t99Ms: 61.9,
      },
      twin: {
        t50Ms: 52.1,
        t99Ms: 61.6,
      },
    },
  ],
  slownessPercent: [94, 99, 104, 108, 111, 121, 131, 138, 157, 172, 278],
  many: {
    documents: 300,
    bytes: 282_421,
    fleets: [
      {
        nodes: 100,
        publishes: 4,
        live: {
          t50Ms: 281.9,
          t99Ms: 283.1,
        },
        twin: {
          t50Ms: 332.4,
          t99Ms: 333.1,
        },
      },
      {
        nodes: 300,
        publishes: 4,
        live: {
          t50Ms: 315.2,
          t99Ms: 317.3,
        },
        twin: {
          t50Ms: 397.3,
          t99Ms: 399.4,
        },
      },
      {
        nodes: 1_000,
        publishes: 4,
        live: {
          t50Ms: 697.2,
          t99Ms: 705.2,
        },
        twin: {
          t50Ms: 625,
          t99Ms: 632.5,
        },
      },
    ],
  },
  times: {
    acceptUs: 108,
    helloUs: 108,
    heartbeatUs: 49,
    answerUs: 14,
    otherUs: 14,
    sendUs: 14,
    pushUs: 14,
    pushUsPerMegabyte: 473,
    publishUs: 3_917,
    publishUsPerResource: 11,
    publishUsPerResourceNew: 765,
    publishUsPerMegabyteChanged: 955_660,
    nodeConnectUs: 280,
    nodeFrameUs: 38,
    nodeSendUs: 38,
    nodeFrameUsPerMegabyte: 1_028,
    nodeApplyUs: 146,
    nodeApplyUsPerResource: 22,
    nodeApplyUsPerMegabyte: 13_259,
    diskWriteUsMin: 124,
    diskWriteUsMax: 151,
    diskWriteUsPerMegabyte: 2_458,
  },
  shared: {
    frameUs: 10,
    sendUs: 10,
    furtherApplyUs: 10,
    servedUsPerResource: 3,
    servedUsPerResourceChanged: 57,
  },
};
