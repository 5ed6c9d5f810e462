// SPDX-License-Identifier: Apache-2.0

/** Ids that the core gives; the same list, in the same order, as core/include/liangma/errc.h. */
export const coreErrorCodes = [
  'ok',
  'format.empty',
  'format.prefix-unknown',
  'format.other-system',
  'format.too-long',
  'format.version-unsupported',
  'format.wrong-kind',
  'base45.character',
  'base45.length',
  'base45.overflow',
  'cbor.malformed',
  'cbor.truncated',
  'cbor.trailing-bytes',
  'cbor.too-deep',
  'cbor.too-large',
  'cbor.duplicate-key',
  'cbor.indefinite-length',
  'cbor.not-shortest',
  'cbor.key-order',
  'cbor.utf8',
  'cose.shape',
  'cose.algorithm-unsupported',
  'cose.header-unknown',
  'cose.type-wrong',
  'cose.key-shape',
  'credential.shape',
  'credential.claim-missing',
  'credential.claim-invalid',
  'credential.claim-unknown',
  'live.shape',
  'disclosure.shape',
  'disclosure.unmatched',
  'disclosure.duplicate',
  'disclosure.unasked',
  'disclosure.missing',
  'request.shape',
  'paper.shape',
  'trust.shape',
  'vault.shape',
  'rule.malformed',
  'json.malformed',
  'status-list.shape',
  'pack.shape',
  'declaration.shape',
  'record.shape',
  'statement.shape',
  'issuer.unknown',
  'issuer.key-unknown',
  'issuer.key-not-in-force',
  'issuer.region-not-allowed',
  'issuer.signature-bad',
  'holder.key-missing',
  'holder.signature-bad',
  'holder.signature-missing',
  'key.mismatch',
  'key.invalid',
  'trust.missing',
  'trust.root-unknown',
  'trust.signature-bad',
  'trust.rolled-back',
  'trust.expired',
  'trust.rotation-incomplete',
  'verifier.unknown',
  'verifier.signature-bad',
  'verifier.key-not-in-force',
  'audience.mismatch',
  'nonce.missing',
  'nonce.mismatch',
  'answer.unreadable',
  'vault.unreadable',
  'pack.not-listed',
  'record.chain-broken',
  'pack.missing',
  'time.too-old',
  'time.future',
  'time.clock-suspect',
  'time.credential-expired',
  'time.credential-not-yet',
  'time.credential-life-too-long',
  'time.request-expired',
  'time.request-future',
  'time.outside-credential',
  'time.verifier-clock-suspect',
  'replay.seen-before',
  'status.invalid',
  'status.suspended',
  'status.superseded',
  'status.stale',
  'status.out-of-range',
  'status.unavailable',
  'status-list.wrong',
  'colour.green',
  'colour.yellow',
  'colour.red',
  'colour.pending',
  'paper.check-id',
  'assurance.challenge-required',
  'scene.unknown',
  'recognition.none',
  'rule.type',
  'rule.budget',
  'colour.no-rule',
  'misuse.argument',
  'misuse.entropy-missing',
  'misuse.too-large',
  'internal.error',
] as const;

/** Ids that only the server of tools/server gives. */
export const serverErrorCodes = [
  'http.not-found',
  'http.too-large',
  'http.malformed',
  'http.method-not-allowed',
  'http.wrong-host',
  'http.unauthorized',
  'http.rate-limited',
  'enrol.ticket-unknown',
  'enrol.ticket-used',
  'enrol.challenge-unknown',
  'enrol.code-refused',
  'http.idempotency-mismatch',
  'appeal.already-open',
  'appeal.unknown',
  'appeal.decided',
  'case.unknown',
  'colour.not-ended',
  'import.unknown',
  'news.unknown',
  'authority.secret-wrong',
  'clinic.request-unknown',
  'clinic.request-used',
  'clinic.patient-differs',
  'clinic.visit-unknown',
  'clinic.login-refused',
  'staff.session-ended',
  'staff.not-allowed',
  'staff.login-refused',
  'staff.wait',
  'staff.invitation-refused',
  'staff.password-weak',
  'staff.totp-wrong',
  'staff.passkey-refused',
  'staff.name-bad',
  'staff.name-taken',
  'staff.unknown',
  'staff.own-account',
  'server.storage',
] as const;

/** Ids that only this package gives. */
export const sdkErrorCodes = [
  /** The host could not load the WebAssembly module. */
  'host.wasm-failed',
  /** The page is not in a secure context, so the browser gives no keys. */
  'host.not-secure',
  /** The server could not be reached. */
  'net.unreachable',
  /** The server answered with something that its API does not promise. */
  'net.bad-reply',
  /** The server answered too slowly for its time to be of use. */
  'net.too-slow',
  /** The host could not read or write its storage; what was stored before is unharmed. */
  'storage.failed',
  /** What is stored can no longer be read: cut off, altered, or written by another version. */
  'storage.damaged',
  /** Another window has changed what is stored; nothing was changed here. */
  'storage.changed',
  /** No person of this id is in the wallet. */
  'wallet.person-unknown',
  /** The person's key cannot be opened on this device: it was sealed by another one. */
  'wallet.key-unreadable',
  /** A PIN is set and was not given yet. */
  'wallet.locked',
  'wallet.pin-wrong',
  /** Too many wrong PINs: none is tried for a while. */
  'wallet.pin-wait',
  /** Too short, or one of those that are tried first. */
  'wallet.pin-weak',
  /** The request names no address: its answer is shown as a QR. */
  'wallet.answer-by-qr',
  /** This gate has no key of its own yet: it cannot ask. */
  'verifier.not-enrolled',
  /** The trust list that is kept here does not name this gate. */
  'verifier.not-listed',
  /** The hospital that asked could not be reached, unlike one that refused. */
  'wallet.hospital-unreachable',
  /** A credential came without the record of its colour. */
  'record.missing',
] as const;

export type CoreErrorCode = (typeof coreErrorCodes)[number];
export type ServerErrorCode = (typeof serverErrorCodes)[number];
export type SdkErrorCode = (typeof sdkErrorCodes)[number];

/** Every id that this package can give. */
export type ErrorCode = CoreErrorCode | ServerErrorCode | SdkErrorCode;

export const errorCodes: readonly ErrorCode[] = [...coreErrorCodes, ...serverErrorCodes, ...sdkErrorCodes];

/** Whether a text is an id that this version knows. */
export function isErrorCode(text: unknown): text is ErrorCode {
  return (errorCodes as readonly unknown[]).includes(text);
}
