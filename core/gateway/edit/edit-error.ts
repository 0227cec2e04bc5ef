/** Why a change could not be made; the text is then as it was. */
export interface EditError {
  readonly reason: /** The document cannot be read, so nothing in it can be found. */
    | 'unreadable'
    /** The pointer leads to nothing that the change could be made at. */
    | 'no-such-place'
    /** The value has no form in YAML that reads back as the same. */
    | 'bad-value'
    /** An anchor or alias shares the place with another, which would change too. */
    | 'shared'
    /** The text is written in a way that cannot be changed in part. */
    | 'not-editable'
    /** More changes than one call makes. */
    | 'too-many';
  /** A sentence that says what to do. */
  readonly message: string;
}
