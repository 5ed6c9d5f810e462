// SPDX-License-Identifier: Apache-2.0
import type { CoreErrorCode } from './error-codes.js';
import type { Outcome } from './outcome.js';
import type {
  ColourRecordInfo,
  CredentialInfo,
  IdentityClaimId,
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

/** Something that lives in WebAssembly memory until it is deleted. */
export interface Handle {
  /** Frees it, and zeroes what was secret in it. Using it afterwards throws TypeError. */
  delete(): void;
}

/** An Ed25519 key pair. The secret half never leaves WebAssembly memory unsealed. */
export interface KeyPair extends Handle {
  publicKey(): Uint8Array;
  /**
   * Seals the key under a key that only the host can produce.
   *
   * @param entropy  24 bytes
   */
  sealHost(hostKey32: Uint8Array, entropy: Uint8Array): Outcome<Uint8Array>;
  /** Proves to an issuer that this device holds the key. */
  proof(audience: string, nonce: Uint8Array, now: number): Outcome<Uint8Array>;
}

/** The key that a resident's codes are signed with. */
export interface DeviceKey extends KeyPair {
  /**
   * Signs what a resident states to an issuer.
   *
   * @param kind     "declaration", "appeal", …
   * @param content  JSON, 1..8192 bytes
   */
  statement(kind: string, content: string, audience: string, nonce: Uint8Array, now: number): Outcome<Uint8Array>;
  /**
   * Seals the key under a PIN with Argon2id.
   *
   * @param passes     1..10
   * @param memoryKiB  8..1048576
   * @param entropy    40 bytes
   */
  sealPin(pin: string, passes: number, memoryKiB: number, entropy: Uint8Array): Outcome<Uint8Array>;
}

/** What a gate asks of whoever stands before it. */
export interface Ask {
  /** The gate's id in the trust list. */
  readonly verifier: string;
  /** Unix seconds. */
  readonly issuedAt: number;
  /** Unix seconds, 1..60 after issuedAt. */
  readonly expiresAt: number;
  /** 16..32 bytes, fresh for every request. */
  readonly nonce: Uint8Array;
  /** An i18n key after "purpose.", such as "entry". */
  readonly purpose: string;
  readonly wanted: readonly IdentityClaimId[];
}

/** The key that a gate's requests are signed with. */
export interface GateKey extends KeyPair {
  /** Signs a request whose answer is shown as a QR: `LMR1:` text. @error request.shape */
  request(ask: Ask): Outcome<string>;
}

/** A trust list whose signatures were checked against the pinned roots. */
export interface Trust extends Handle {
  info(): TrustInfo;
}

/** A credential that was read, not verified. */
export interface Credential extends Handle {
  info(): CredentialInfo;
  /** Checks everything but the live signature. */
  check(trust: Trust, publicKey: Uint8Array, now: number): Outcome<true>;
}

/** A request whose maker the trust list vouches for. */
export interface TrustedRequest extends Handle {
  info(): TrustedRequestInfo;
}

/** A gate's memory of the live codes that it has accepted. */
export interface SeenCodes extends Handle {
  size(): number;
  /** What could still be shown again, 40 bytes a code, for load(). @param now  Unix seconds */
  save(now: number): Uint8Array;
  /** Adds what save() wrote, its codes that can pass no more left out. @error misuse.argument */
  load(saved: Uint8Array, now: number): Outcome<true>;
}

/** What a verifier expects of an answer to its own request. */
export interface Challenge {
  readonly verifier: string;
  readonly nonce: Uint8Array;
  readonly wanted: readonly IdentityClaimId[];
}

/** Everything a verdict depends on besides the text. */
export interface VerifyContext {
  /** Absent: the verdict is a refusal with reason "trust.missing". */
  readonly trust?: Trust | undefined;
  /** Unix seconds. */
  readonly now: number;
  /** A scene's id in the trust list. Absent: green passes, yellow and pending are checked. */
  readonly scene?: string | undefined;
  /** Absent: an open display is expected. */
  readonly challenge?: Challenge | undefined;
}

/** What both modules can do. */
export interface CommonModule {
  /** Every id that the core can give, in ascending order of its number. */
  errorIds(): CoreErrorCode[];
  readonly Trust: {
    /**
     * Checks and reads a signed trust list.
     *
     * @param roots         pinned Ed25519 public keys of 32 bytes
     * @param knownVersion  the highest version accepted before; 0: none
     */
    open(list: Uint8Array, roots: readonly Uint8Array[], knownVersion: number, now: number): Outcome<Trust>;
  };
  /** Checks a code's text and decides. Whatever is unknown or malformed is refused with its reason. */
  verify(text: string, context: VerifyContext): Verdict;
  /** Makes the smallest QR symbol, at level M, that holds a text. */
  makeQrSymbol(text: string): Outcome<QrSymbol>;
}

/** The wallet's module: keys, vault, live code, answers, QR. */
export interface WalletModule extends CommonModule {
  readonly DeviceKey: {
    /** @param entropy  32 bytes */
    generate(entropy: Uint8Array): Outcome<DeviceKey>;
    openHost(sealed: Uint8Array, hostKey32: Uint8Array): Outcome<DeviceKey>;
    openPin(sealed: Uint8Array, pin: string): Outcome<DeviceKey>;
  };
  readonly Credential: {
    parse(encoded: Uint8Array): Outcome<Credential>;
  };
  /** Seals any bytes under a key. @param entropy  24 bytes */
  sealRecord(plaintext: Uint8Array, key32: Uint8Array, entropy: Uint8Array): Outcome<Uint8Array>;
  /** @error vault.shape, vault.unreadable */
  openRecord(sealed: Uint8Array, key32: Uint8Array): Outcome<Uint8Array>;
  /**
   * Seals any bytes under a PIN with Argon2id.
   *
   * @param passes     1..10
   * @param memoryKiB  8..1048576
   * @param entropy    40 bytes
   */
  sealRecordWithPin(
    plaintext: Uint8Array,
    pinUtf8: Uint8Array,
    passes: number,
    memoryKiB: number,
    entropy: Uint8Array,
  ): Outcome<Uint8Array>;
  /** @error vault.shape, vault.unreadable (a wrong PIN too), internal.error (no memory for Argon2id) */
  openRecordWithPin(sealed: Uint8Array, pinUtf8: Uint8Array): Outcome<Uint8Array>;
  /**
   * Reads the record of a colour and checks who signed it.
   *
   * @error record.shape, cbor.*, cose.*, issuer.*
   */
  openColourRecord(encoded: Uint8Array, trust: Trust): Outcome<ColourRecordInfo>;
  /** The region packs that a trust list names. */
  trustedPacks(trust: Trust): TrustedPack[];
  /** 32 bytes. */
  sha256(bytes: Uint8Array): Uint8Array;
  /** Draws the dark modules of the text's symbol, quiet zone of 4 included, as the `d` of one SVG path. */
  qrSvgPath(text: string): Outcome<string>;
  /**
   * Makes the text of one live code for open display.
   *
   * @param now             Unix seconds
   * @param clockConfirmed  whether this device has ever compared its clock with a server's
   */
  makeLiveCode(
    credential: Credential,
    deviceKey: DeviceKey,
    now: number,
    clockConfirmed: boolean,
  ): Outcome<string>;
  /** makeLiveCode() and makeQrSymbol() in one crossing. */
  makeLiveFrame(
    credential: Credential,
    deviceKey: DeviceKey,
    now: number,
    clockConfirmed: boolean,
  ): Outcome<LiveFrame>;
  /** Reads a request and checks who made it. */
  openRequest(text: string, trust: Trust, now: number): Outcome<TrustedRequest>;
  /** Answers a request. @param agreed  what the resident consented to: exactly what the request wants */
  makeAnswer(
    request: TrustedRequest,
    credential: Credential,
    deviceKey: DeviceKey,
    agreed: readonly IdentityClaimId[],
    now: number,
    clockConfirmed: boolean,
  ): Outcome<string>;
  /** makeAnswer(), sealed so that only the asking verifier can read it. @param entropy  32 bytes */
  makeSealedAnswer(
    request: TrustedRequest,
    credential: Credential,
    deviceKey: DeviceKey,
    agreed: readonly IdentityClaimId[],
    now: number,
    clockConfirmed: boolean,
    entropy: Uint8Array,
  ): Outcome<string>;
}

/** The region packs that a gate keeps. At a place the most particular speaks, behind it its base, and so on. */
export interface RegionPacks extends Handle {
  /**
   * Keeps a pack that the trust list names, in the place of its older version.
   *
   * @param json  the pack's bytes as they were published
   */
  keep(json: Uint8Array, trust: Trust): Outcome<PackInfo>;
  /** The packs that speak at a place, the most particular first. @param place  a division code */
  at(place: string): PackInfo[];
  scenes(place: string): PackScene[];
  /** The rule that a verdict names. */
  rule(place: string, identifier: string): RuleInfo | undefined;
  /** How many days a door may remember who came; 0: no pack says. */
  recordDays(place: string): number;
}

/** The lists of withdrawn codes that a gate keeps. */
export interface StatusLists extends Handle {
  /** Checks a Status List Token of an issuer and keeps it in the place of an older one. */
  keep(token: Uint8Array, trust: Trust, issuer: string, now: number): Outcome<StatusListInfo>;
  info(issuer: string, number: number, now: number): StatusListInfo | undefined;
}

/** What a gate's verdict depends on besides the text. */
export interface GateContext extends VerifyContext {
  /** Absent: nothing is remembered. */
  readonly seen?: SeenCodes | undefined;
  /** The door's division code. Absent: whose code it is does not matter. */
  readonly place?: string | undefined;
  /** Then `scene` is one of theirs at `place`, and their rules decide. */
  readonly packs?: RegionPacks | undefined;
  /** Absent: no status is checked. */
  readonly statusLists?: StatusLists | undefined;
  /** What a stale list calls valid: true, a person has to look; false, it is refused. */
  readonly checkStale?: boolean | undefined;
}

/** The module of those who check. */
export interface GateModule extends CommonModule {
  readonly SeenCodes: new () => SeenCodes;
  readonly RegionPacks: new () => RegionPacks;
  readonly StatusLists: new () => StatusLists;
  readonly GateKey: {
    /** @param entropy  32 bytes */
    generate(entropy: Uint8Array): Outcome<GateKey>;
    openHost(sealed: Uint8Array, hostKey32: Uint8Array): Outcome<GateKey>;
  };
  /** Where an issuer publishes a list; empty: nowhere. */
  statusListUri(trust: Trust, issuer: string, number: number): string;
  /** The region packs and agreements of a trust list. */
  trustRegions(trust: Trust): TrustRegions;
  /** Checks a code's text at a place and decides. Whatever is unknown or malformed is refused with its reason. */
  verify(text: string, context: GateContext): Verdict;
  /** Explains any text for a human; needs no key, never fails. */
  inspect(text: string): Inspection;
}
