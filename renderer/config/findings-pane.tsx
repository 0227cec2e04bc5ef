import classes from './findings.module.css';
import { IfPublishedSection } from './if-published.tsx';
import { ProblemsSection } from './problems-list.tsx';
import { RequestsSection } from './requests-section.tsx';
import { ScrollRegion } from './scroll-region.tsx';
import { useCalmHeight } from './use-calm-height.ts';

/** What the draft would do: problems, requests that change, and what publishing sends. */
export function FindingsPane() {
  const calm = useCalmHeight();
  return (
    <ScrollRegion label="Findings" className={classes.pane}>
      <div ref={calm}>
        <div>
          <ProblemsSection />
          <RequestsSection />
          <IfPublishedSection />
        </div>
      </div>
    </ScrollRegion>
  );
}
