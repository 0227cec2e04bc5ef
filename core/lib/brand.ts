declare const brand: unique symbol;

/** A nominal type: a `Brand<string, 'NodeId'>` is not assignable from a bare string. */
export type Brand<T, B extends string> = T & { readonly [brand]: B };
