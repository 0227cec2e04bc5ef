import { createSpotlight } from '@mantine/spotlight';

/** The command palette: its state, and what opens and closes it. */
export const [paletteStore, palette] = createSpotlight();
