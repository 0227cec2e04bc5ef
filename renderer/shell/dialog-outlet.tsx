import { Modal } from '@mantine/core';
import { BudgetDialog } from './budget-dialog.tsx';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { closeDialog, type OpenDialog, useDialog } from './dialogs.ts';
import { LinkFaultDialog } from './link-fault-dialog.tsx';
import { ResizeDialog } from './resize-dialog.tsx';
import { RestartDialog } from './restart-dialog.tsx';

/** Draws the one dialog that is open. */
export function DialogOutlet() {
  const open = useDialog((state) => state.open);
  return (
    <Modal opened={open !== null} onClose={closeDialog} title={titleOf(open)} size={440}>
      {open !== null && <Content open={open} />}
    </Modal>
  );
}

function Content({ open }: { readonly open: OpenDialog }) {
  switch (open.kind) {
    case 'confirm':
      return <ConfirmDialog confirmation={open.confirmation} />;
    case 'resize':
      return <ResizeDialog />;
    case 'budget':
      return <BudgetDialog />;
    case 'restart':
      return <RestartDialog target={open.target} />;
    case 'link-fault':
      return <LinkFaultDialog kind={open.fault} target={open.target} />;
  }
}

function titleOf(open: OpenDialog | null): string {
  switch (open?.kind) {
    case undefined:
      return '';
    case 'confirm':
      return open.confirmation.title;
    case 'resize':
      return 'Resize fleet';
    case 'budget':
      return 'Staleness budget';
    case 'restart':
      return 'Restart nodes';
    case 'link-fault':
      return open.fault === 'link-latency' ? 'Add latency to links' : 'Cut links';
  }
}
