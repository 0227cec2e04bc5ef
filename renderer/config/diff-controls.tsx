import { SegmentedControl, Switch } from '@mantine/core';
import type { DiffLayout } from './text-diff.tsx';

/** Layout of a diff, and whether it shows every line. */
export function DiffControls(props: {
  readonly layout: DiffLayout;
  readonly onLayout: (layout: DiffLayout) => void;
  readonly whole: boolean;
  readonly onWhole: (whole: boolean) => void;
}) {
  return (
    <>
      <Switch
        size="xs"
        label="All lines"
        checked={props.whole}
        onChange={(event) => props.onWhole(event.currentTarget.checked)}
      />
      <SegmentedControl
        size="xs"
        aria-label="Layout of the diff"
        value={props.layout}
        onChange={(value) => props.onLayout(value === 'unified' ? 'unified' : 'side-by-side')}
        data={[
          { value: 'unified', label: 'Unified' },
          { value: 'side-by-side', label: 'Side by side' },
        ]}
      />
    </>
  );
}
