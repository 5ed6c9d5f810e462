// SPDX-License-Identifier: Apache-2.0
// What wasm/bindings_*.cc binds, by hand; tests/wasm/surface.test.mjs compares the two.
import type { CoreErrorCode } from './error-codes.js';
import type { Outcome } from './outcome.js';
import type {
  ColourRecordInfo,
  CredentialInfo,
  Inspection,
  LiveFrame,
  PackInfo,
  PackScene,
  QrSymbol,
  RuleInfo,
  StatusListInfo,
  TrustedPack,
  TrustedRequestInfo,
  TrustInfo,
  TrustRegions,
  Verdict,
} from './types.js';

export interface NativeHandle {
  delete(): void;
}

export interface NativeKeyPair extends NativeHandle {
  publicKey(): Uint8Array;
  sealHost(hostKey32: Uint8Array, entropy: Uint8Array): Outcome<Uint8Array>;
  proof(audience: string, nonce: Uint8Array, now: number): Outcome<Uint8Array>;
}

export interface NativeDeviceKey extends NativeKeyPair {
  statement(kind: string, content: string, audience: string, nonce: Uint8Array, now: number): Outcome<Uint8Array>;
  sealPin(pinUtf8: Uint8Array, passes: number, memoryKiB: number, entropy: Uint8Array): Outcome<Uint8Array>;
}

export interface NativeTrust extends NativeHandle {
  info(): TrustInfo;
}

export interface NativeCredential extends NativeHandle {
  info(): CredentialInfo;
  check(trust: NativeTrust, publicKey: Uint8Array, now: number): Outcome<true>;
}

export interface NativeTrustedRequest extends NativeHandle {
  info(): TrustedRequestInfo;
}

export interface NativeSeenCodes extends NativeHandle {
  size(): number;
  save(now: number): Uint8Array;
  load(saved: Uint8Array, now: number): Outcome<true>;
}

/** Absent members are null or undefined. */
export interface NativeVerifyContext {
  readonly trust?: NativeTrust | undefined;
  readonly now: number;
  readonly scene?: string | undefined;
  readonly challenge?:
    { readonly verifier: string; readonly nonce: Uint8Array; readonly wanted: readonly string[] } | undefined;
}

export interface NativeDeviceKeyClass {
  generate(entropy: Uint8Array): Outcome<NativeDeviceKey>;
  openHost(sealed: Uint8Array, hostKey32: Uint8Array): Outcome<NativeDeviceKey>;
  openPin(sealed: Uint8Array, pinUtf8: Uint8Array): Outcome<NativeDeviceKey>;
}

export interface NativeTrustClass {
  open(
    list: Uint8Array,
    roots: readonly Uint8Array[],
    knownVersion: number,
    now: number,
  ): Outcome<NativeTrust>;
}

export interface NativeCredentialClass {
  parse(encoded: Uint8Array): Outcome<NativeCredential>;
}

export interface NativeSeenCodesClass {
  new (): NativeSeenCodes;
}

export interface NativeTrustedRequestClass {}

export interface NativeCommonModule {
  errorIds(): CoreErrorCode[];
  readonly Trust: NativeTrustClass;
  verify(text: string, context: NativeVerifyContext): Verdict;
  makeQrSymbol(text: string): Outcome<QrSymbol>;
}

export interface NativeWalletModule extends NativeCommonModule {
  readonly DeviceKey: NativeDeviceKeyClass;
  readonly Credential: NativeCredentialClass;
  readonly TrustedRequest: NativeTrustedRequestClass;
  sealRecord(plaintext: Uint8Array, key32: Uint8Array, entropy: Uint8Array): Outcome<Uint8Array>;
  openRecord(sealed: Uint8Array, key32: Uint8Array): Outcome<Uint8Array>;
  sealRecordWithPin(
    plaintext: Uint8Array,
    pinUtf8: Uint8Array,
    passes: number,
    memoryKiB: number,
    entropy: Uint8Array,
  ): Outcome<Uint8Array>;
  openRecordWithPin(sealed: Uint8Array, pinUtf8: Uint8Array): Outcome<Uint8Array>;
  openColourRecord(encoded: Uint8Array, trust: NativeTrust): Outcome<ColourRecordInfo>;
  trustedPacks(trust: NativeTrust): TrustedPack[];
  sha256(bytes: Uint8Array): Uint8Array;
  makeLiveCode(
    credential: NativeCredential,
    deviceKey: NativeDeviceKey,
    now: number,
    clockConfirmed: boolean,
  ): Outcome<string>;
  makeLiveFrame(
    credential: NativeCredential,
    deviceKey: NativeDeviceKey,
    now: number,
    clockConfirmed: boolean,
  ): Outcome<LiveFrame>;
  openRequest(text: string, trust: NativeTrust, now: number): Outcome<NativeTrustedRequest>;
  makeAnswer(
    request: NativeTrustedRequest,
    credential: NativeCredential,
    deviceKey: NativeDeviceKey,
    agreed: readonly string[],
    now: number,
    clockConfirmed: boolean,
  ): Outcome<string>;
  makeSealedAnswer(
    request: NativeTrustedRequest,
    credential: NativeCredential,
    deviceKey: NativeDeviceKey,
    agreed: readonly string[],
    now: number,
    clockConfirmed: boolean,
    entropy: Uint8Array,
  ): Outcome<string>;
}

export interface NativeRegionPacks extends NativeHandle {
  keep(json: Uint8Array, trust: NativeTrust): Outcome<PackInfo>;
  at(place: string): PackInfo[];
  scenes(place: string): PackScene[];
  rule(place: string, identifier: string): RuleInfo | undefined;
  recordDays(place: string): number;
}

export interface NativeRegionPacksClass {
  new (): NativeRegionPacks;
}

export interface NativeStatusLists extends NativeHandle {
  keep(token: Uint8Array, trust: NativeTrust, issuer: string, now: number): Outcome<StatusListInfo>;
  info(issuer: string, number: number, now: number): StatusListInfo | undefined;
}

export interface NativeStatusListsClass {
  new (): NativeStatusLists;
}

export interface NativeAsk {
  readonly verifier: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
  readonly nonce: Uint8Array;
  readonly purpose: string;
  readonly wanted: readonly string[];
}

export interface NativeGateKey extends NativeKeyPair {
  request(ask: NativeAsk): Outcome<string>;
}

export interface NativeGateKeyClass {
  generate(entropy: Uint8Array): Outcome<NativeGateKey>;
  openHost(sealed: Uint8Array, hostKey32: Uint8Array): Outcome<NativeGateKey>;
}

export interface NativeGateContext extends NativeVerifyContext {
  readonly seen?: NativeSeenCodes | undefined;
  readonly place?: string | undefined;
  readonly packs?: NativeRegionPacks | undefined;
  readonly statusLists?: NativeStatusLists | undefined;
  readonly checkStale?: boolean | undefined;
}

export interface NativeGateModule extends NativeCommonModule {
  readonly SeenCodes: NativeSeenCodesClass;
  readonly RegionPacks: NativeRegionPacksClass;
  readonly StatusLists: NativeStatusListsClass;
  readonly GateKey: NativeGateKeyClass;
  statusListUri(trust: NativeTrust, issuer: string, number: number): string;
  trustRegions(trust: NativeTrust): TrustRegions;
  verify(text: string, context: NativeGateContext): Verdict;
  inspect(text: string): Inspection;
}
