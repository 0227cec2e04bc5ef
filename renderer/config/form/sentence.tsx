import type { Words } from './words.ts';

/** A sentence with its exact names in monospace. */
export function Sentence(props: { readonly words: Words }) {
  return (
    <>
      {props.words.map(
        (word, at) =>
          // biome-ignore-start lint/suspicious/noArrayIndexKey: words have no identity but their place
          typeof word === 'string' ? (
            <span key={at}>{word}</span>
          ) : (
            <code key={at}>{word.code}</code>
          ),
        // biome-ignore-end lint/suspicious/noArrayIndexKey: as above
      )}
    </>
  );
}
