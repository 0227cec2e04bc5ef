import type { ServiceTimes } from '../service-times.ts';

/**
 * The swarm's own: a new calibration must not make other runs of the seeds that once failed. Microseconds,
 * of the order of those that are fitted. What those have got since costs nothing here, for the same reason.
 */
export const SWARM_SERVICE_TIMES: ServiceTimes = {
  acceptUs: 120,
  helloUs: 60,
  heartbeatUs: 15,
  answerUs: 15,
  otherUs: 5,
  sendUs: 8,
  pushUs: 12,
  pushUsPerMegabyte: 0,
  publishUs: 2_000,
  publishUsPerResource: 33,
  publishUsPerResourceNew: 300,
  publishUsPerMegabyteChanged: 0,
  nodeConnectUs: 250,
  nodeFrameUs: 30,
  nodeFrameUsPerMegabyte: 0,
  nodeSendUs: 15,
  nodeApplyUs: 400,
  nodeApplyUsPerResource: 20,
  nodeApplyUsPerMegabyte: 0,
  diskWriteUsMin: 800,
  diskWriteUsMax: 4_000,
  diskWriteUsPerMegabyte: 0,
  shared: null,
};
