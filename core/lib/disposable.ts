/** Something that holds on to something until told to let go. Disposing twice is harmless. */
export interface Disposable {
  dispose(): void;
}

/** A `Disposable` that runs `action` at most once. */
export function onDispose(action: () => void): Disposable {
  let done = false;
  return {
    dispose() {
      if (done) return;
      done = true;
      action();
    },
  };
}
