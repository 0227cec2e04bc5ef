/** Axis text of every Recharts chart. */
export const AXIS_TICK = { fontSize: 11, fill: 'var(--hf-muted)' } as const;
/** Room left of the plot for `100 %`. */
export const Y_AXIS_WIDTH_PX = 46;
/** Room under the plot for the axis. */
export const X_AXIS_HEIGHT_PX = 18;
