import styles from './missing-token.module.css';

/** Shown when the page was opened without the token of this console. */
export function MissingToken() {
  return (
    <main className={styles.page}>
      <div className={styles.box}>
        <h1 className={styles.title}>This page needs the console's token</h1>
        <p>
          Open the full address that <code>npm start</code> or <code>holdfast serve</code> printed,
          including the part after <code>?token=</code>. It changes with every start, so that no
          other page or user of this machine can steer the fleet.
        </p>
      </div>
    </main>
  );
}
