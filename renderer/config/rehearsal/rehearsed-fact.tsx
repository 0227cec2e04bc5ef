import { runAction } from '../../actions/registry.ts';
import dialogs from '../dialogs.module.css';
import { showConfigDialog } from '../draft-store.ts';
import { forecastInShort, seedCount } from './forecast-words.ts';
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
  const choice = useRehearsal((state) => state.choice);
  const outdated = outdatedReason(done, useDraftOfNow(), choice);
  if (outdated !== null) return <span className="hf-muted">not as it is now</span>;
  const { seeds, faults } = done.forecast;
  return (
    <>
      {forecastInShort(done.forecast)}{' '}
      <span className="hf-muted">
        ({seedCount(seeds)}
        {faults.length > 0 && ', with faults'})
      </span>
    </>
  );
}
