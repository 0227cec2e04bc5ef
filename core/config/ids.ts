import type { Brand } from '../lib/brand.ts';

/** `cell/name`, for instance `eu-west/edge-0412`. */
export type NodeId = Brand<string, 'NodeId'>;
/** A revision's number: 1 is the first; grows within a store, may skip. */
export type Revision = Brand<number, 'Revision'>;
/** Orders every change of any target within a lineage. */
export type Generation = Brand<number, 'Generation'>;
/** Identity of one store's history. A restored backup keeps it. */
export type Lineage = Brand<string, 'Lineage'>;
/** `Kind/namespace/name`; the namespace is empty for cluster-scoped kinds. */
export type ResourceKey = Brand<string, 'ResourceKey'>;
/** SHA-256 of a canonical body, 64 hex digits. */
export type ContentHash = Brand<string, 'ContentHash'>;
/** SHA-256 of a source text, 64 hex digits. */
export type SourceHash = Brand<string, 'SourceHash'>;
/** Additive set hash over (key, content hash) pairs, 64 hex digits. */
export type RootHash = Brand<string, 'RootHash'>;
/** Counts pushes on one connection, from 1. Meaningless on any other. */
export type Nonce = Brand<number, 'Nonce'>;

/** Root hash of the empty set. */
export const EMPTY_ROOT_HASH = '0'.repeat(64) as RootHash;
