/** What a request of a suite should come to. */
export type SuiteExpectation =
  | {
      readonly kind: 'backend';
      /** `namespace/name` */
      readonly backend: string;
    }
  | { readonly kind: 'status'; readonly status: number }
  | {
      readonly kind: 'redirect';
      readonly location: string;
      /** Null: any redirect status will do. */
      readonly status: number | null;
    };

/** One request of a RequestSuite, saved with the config. */
export interface SuiteRequest {
  /** `namespace/name` of the RequestSuite. */
  readonly suite: string;
  readonly name: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly expect: SuiteExpectation | null;
}
