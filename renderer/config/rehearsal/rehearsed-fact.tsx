import { bandMsText } from '../../../core/rehearsal/band-text.ts';
import { runAction } from '../../actions/registry.ts';
import dialogs from '../dialogs.module.css';
import { showConfigDialog } from '../draft-store.ts';
import { seedCount } from './forecast-words.ts';
import { type DoneRehearsal, outdatedReason, useRehearsal } from './rehearsal-store.ts';
import { useDraftOfNow } from './use-draft-of-now.ts';

/** What the rehearsal of the draft found, in short, or the way to one. */
export function RehearsedFact() {
  const rehearsal = useRehearsal((state) => state.rehearsal);
  return (
    <>
      <dt>Rehearsed</dt>
      <dd>
        {rehearsal.kind === 'done' ? (
          <InShort done={rehearsal} />
        ) : (
          <span className="hf-muted">{rehearsal.kind === 'running' ? 'running' : 'not yet'}</span>
        )}{' '}
        <button
          type="button"
          className={dialogs.link}
          onClick={() => {
            if (rehearsal.kind === 'running') showConfigDialog({ kind: 'publish' });
            else runAction('draft.rehearse');
          }}
        >
          {rehearsal.kind === 'running' ? 'Show' : 'Rehearse'}
        </button>
      </dd>
    </>
  );
}

function InShort({ done }: { readonly done: DoneRehearsal }) {
  const outdated = outdatedReason(done.draft, useDraftOfNow());
  if (outdated !== null) return <span className="hf-muted">not as it is now</span>;
  const { seeds, t99 } = done.forecast;
  return (
    <>
      99 % of nodes after {bandMsText(t99)} <span className="hf-muted">({seedCount(seeds)})</span>
    </>
  );
}
