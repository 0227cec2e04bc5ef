import type { Words } from './words.ts';

/** Names up to this many characters are not torn at their hyphens. */
const WHOLE_CHARS_MAX = 24;

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
            <code key={at} data-whole={word.code.length <= WHOLE_CHARS_MAX}>
              {word.code}
            </code>
          ),
        // biome-ignore-end lint/suspicious/noArrayIndexKey: as above
      )}
    </>
  );
}
