import { Button } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import styles from './view-boundary.module.css';

interface State {
  readonly failure: string | null;
}

/** Keeps the failure of one view from taking the rest of the console away. */
export class ViewBoundary extends Component<{ readonly children: ReactNode }, State> {
  override state: State = { failure: null };

  static getDerivedStateFromError(error: unknown): State {
    return { failure: error instanceof Error ? error.message : String(error) };
  }

  override render(): ReactNode {
    if (this.state.failure === null) return this.props.children;
    return (
      <div className={styles.box} role="alert">
        <h2 className="hf-strong">This view failed</h2>
        <p>
          The fleet and the rest of the console are not touched by it.{' '}
          <code>{this.state.failure}</code>
        </p>
        <Button onClick={() => this.setState({ failure: null })}>Show it again</Button>
      </div>
    );
  }
}
