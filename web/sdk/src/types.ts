// SPDX-License-Identifier: Apache-2.0
import type { CoreErrorCode } from './error-codes.js';

export type ColourId = 'pending' | 'green' | 'yellow' | 'red';
export type AssuranceId = 'none' | 'paper' | 'time' | 'challenge';
export type DecisionId = 'admit' | 'check' | 'refuse';

/** A member of the identity, each disclosed on its own. */
export type IdentityClaimId =
  'fullName' | 'idType' | 'idNumber' | 'phone' | 'birthDate' | 'sex' | 'insuredRegion' | 'cardNumber';

export type Identity = { readonly [claim in IdentityClaimId]?: string };

/** BCP 47 language tag to name. */
export type Names = { readonly [locale: string]: string };

/** How often a live code is signed anew, and how old it may be. */
export interface LivePolicy {
  /** 1..60 */
  readonly periodSeconds: number;
  /** periodSeconds..120 */
  readonly windowSeconds: number;
  /** 0..60 */
  readonly futureSeconds: number;
}

/** The modules of one QR symbol, without its quiet zone of 4 modules. */
export interface QrSymbol {
  /** Modules on a side, 21..177. */
  readonly sizeModules: number;
  /** Row by row from the top left: 1 dark, 0 light; sizeModules * sizeModules of them. */
  readonly modules: Uint8Array;
}

/** A live code and its symbol. */
export interface LiveFrame extends QrSymbol {
  readonly text: string;
}

/** What a credential says. Not verified: see CredentialHandle.check(). */
export interface CredentialInfo {
  readonly issuer: string;
  /** GB/T 2260, 6 digits, or the issuer's id. */
  readonly region: string;
  readonly colour: ColourId;
  readonly maskedName: string;
  readonly idTail: string;
  readonly subject: string;
  /** Unix seconds. */
  readonly issuedAt: number;
  /** Unix seconds. */
  readonly expiresAt: number;
  /** Absent: the trust list's policy for this issuer holds. */
  readonly live?: LivePolicy;
  readonly identity: Identity;
}

/** A signed record of what was done to somebody's colour. */
export interface ColourRecordInfo {
  readonly issuer: string;
  /** Unix seconds. */
  readonly madeAt: number;
  /** Absent, like the region: the record is of something else. */
  readonly colour?: ColourId;
  /** Whose rules hold. */
  readonly region?: string;
  /** Identifier of the rule that gives the colour; absent: none does. */
  readonly rule?: string;
  readonly reasonClass?: string;
  /** When the colour ends by time alone, Unix seconds. */
  readonly until?: number;
}

export interface TrustedIssuer {
  readonly id: string;
  readonly names: Names;
  /** GB/T 2260 codes it may speak for; empty: only its own id. */
  readonly regions: readonly string[];
  readonly live: LivePolicy;
}

export interface TrustedVerifier {
  readonly id: string;
  readonly names: Names;
  /** Such as "hospital" or "gate". */
  readonly kind: string;
  readonly endpoints: readonly string[];
}

export interface Scene {
  readonly id: string;
  readonly names: Names;
  readonly required: AssuranceId;
  /** Absent: the issuer's own window. */
  readonly windowSeconds?: number;
}

/** The content of a trust list whose signatures were checked. */
export interface TrustInfo {
  /** Only ever grows. */
  readonly version: number;
  /** Unix seconds. */
  readonly issuedAt: number;
  /** Unix seconds. */
  readonly expiresAt: number;
  /** Ed25519 public keys, 32 bytes each, that may sign the next list. */
  readonly roots: readonly Uint8Array[];
  readonly issuers: readonly TrustedIssuer[];
  readonly verifiers: readonly TrustedVerifier[];
  readonly scenes: readonly Scene[];
}

/** Who asks for what. Its maker is in the trust list and has signed it. */
export interface TrustedRequestInfo {
  /** The verifier's id. */
  readonly verifier: string;
  readonly names: Names;
  readonly kind: string;
  /** An i18n key, such as "registration". */
  readonly purpose: string;
  readonly wanted: readonly IdentityClaimId[];
  /** Absent: the answer is shown as a QR. */
  readonly answerUrl?: string;
  /** Unix seconds. */
  readonly issuedAt: number;
  /** Unix seconds. */
  readonly expiresAt: number;
  readonly nonce: Uint8Array;
}

/** What a code states, after every signature was found good. */
export interface VerifiedCode {
  readonly issuer: string;
  readonly region: string;
  readonly colour: ColourId;
  readonly maskedName: string;
  readonly idTail: string;
  readonly subject: string;
  /** Unix seconds. */
  readonly expiresAt: number;
  readonly identity: Identity;
}

/** One clear answer to a code that was read. */
export interface Verdict {
  readonly decision: DecisionId;
  readonly reason: CoreErrorCode;
  /** What to do about it: an i18n key such as "advice.refresh". */
  readonly advice: string;
  readonly assurance: AssuranceId;
  /** Present only where the decision is admit or check, or where a rule about the colour refuses. */
  readonly code?: VerifiedCode;
  /** Seconds since the holder signed; negative: from the future. */
  readonly ageSeconds?: number;
  /** Present where the place takes the code by an agreement. */
  readonly agreement?: AgreementInfo;
  /** Identifier of the pack's rule that decided; see RegionPacks.rule(). */
  readonly rule?: string;
}

/** How a code of one region is good in another. */
export type RecognitionPathId = 'shared' | 'hub' | 'adopt';

/** The agreement by which a place takes a code. */
export interface AgreementInfo {
  readonly id: string;
  readonly path: RecognitionPathId;
  /** Whose rules hold: the host's for guests, or the issuer's, as if the code were the place's own. */
  readonly rules: 'host' | 'issuer';
  /** Only for these people, such as "workers". */
  readonly group?: string;
}

/** An agreement in the trust list. */
export interface Recognition {
  readonly id: string;
  readonly names: Names;
  readonly path: RecognitionPathId;
  /** Division codes whose doors take the codes. */
  readonly hosts: readonly string[];
  /** Division codes whose codes they take; none: every region's. */
  readonly guests: readonly string[];
}

/** A region pack that the trust list names. */
export interface TrustedPack {
  readonly region: string;
  readonly version: number;
  readonly sha256: Uint8Array;
}

/** What a trust list says of regions. */
export interface TrustRegions {
  readonly packs: readonly TrustedPack[];
  readonly recognitions: readonly Recognition[];
}

/** What a region pack says of itself. */
export interface PackInfo {
  readonly region: string;
  readonly version: number;
  readonly names: Names;
  /** What the region calls its code. */
  readonly codeNames: Names;
  /** The region whose pack speaks where this one is silent. */
  readonly base?: string;
}

/** A kind of door in a region. */
export interface PackScene extends Scene {
  /** A guest leaves name and contact, with consent. */
  readonly leavesContact: boolean;
}

/** A rule of a region pack. */
export interface RuleInfo {
  readonly identifier: string;
  readonly type: 'Admission' | 'Colour' | 'Duration';
  readonly version: string;
  readonly description: Names;
  /** This project's, not its source's. */
  readonly isAssumption: boolean;
}

/** "due": time to fetch a newer one. "stale": not to be relied on. */
export type FreshnessId = 'fresh' | 'due' | 'stale';

/** A list of withdrawn codes. */
export interface StatusListInfo {
  readonly issuer: string;
  /** Which of the issuer's lists, 0..4095: a code's status index / 2^20. */
  readonly number: number;
  /** Unix seconds. */
  readonly issuedAt: number;
  /** Unix seconds. */
  readonly expiresAt: number;
  readonly freshness: FreshnessId;
}

/** One line of an explanation. */
export interface InspectionLine {
  /** 0..32 */
  readonly depth: number;
  readonly label: string;
  readonly value: string;
}

/** What some text is, layer by layer. Nothing in it is verified. */
export interface Inspection {
  /** "live-code", "request", …, "unknown". */
  readonly kind: string;
  readonly lines: readonly InspectionLine[];
  /** The first thing wrong with it. */
  readonly problem?: { readonly code: CoreErrorCode; readonly detail: string };
}
