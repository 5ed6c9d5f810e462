// SPDX-License-Identifier: Apache-2.0
// Typed modules over what is bound: checks arguments, turns handles, wipes texts that are secret. No logic.
import { toUtf8 } from './bytes.js';
import {
  requireBoolean,
  requireBytes,
  requireCount,
  requireObject,
  requireText,
  requireTexts,
} from './guard.js';
import { Handles } from './handles.js';
import type {
  Ask,
  CommonModule,
  Credential,
  DeviceKey,
  GateContext,
  GateKey,
  GateModule,
  KeyPair,
  Trust,
  TrustedRequest,
  VerifyContext,
  WalletModule,
} from './modules.js';
import type {
  NativeAsk,
  NativeCommonModule,
  NativeCredential,
  NativeDeviceKey,
  NativeGateContext,
  NativeGateKey,
  NativeGateModule,
  NativeKeyPair,
  NativeRegionPacks,
  NativeSeenCodes,
  NativeStatusLists,
  NativeTrust,
  NativeTrustedRequest,
  NativeVerifyContext,
  NativeWalletModule,
} from './native.js';
import { success } from './outcome.js';
import type { QrSymbol } from './types.js';

/** No text that a code can hold is longer; more would only be carried across to be refused. */
const maxTextLength = 8192;

export function wrapWallet(native: NativeWalletModule): WalletModule {
  const handles = new Handles();
  return {
    ...wrapCommon(native, handles),
    ...wrapKeysAndCredentials(native, handles),
    ...wrapRecords(native),
    ...wrapLive(native, handles),
    ...wrapAnswers(native, handles),
    ...wrapReasons(native, handles),
    qrSvgPath(text) {
      const symbol = native.makeQrSymbol(requireText('text', text));
      return symbol.ok ? success(svgPath(symbol.value)) : symbol;
    },
  };
}

export function wrapGate(native: NativeGateModule): GateModule {
  const handles = new Handles();
  return {
    ...wrapCommon(native, handles),
    ...wrapRegions(native, handles),
    ...wrapGateKey(native, handles),
    inspect: (text) => native.inspect(shorten(text)),
    verify: (text, context) => native.verify(shorten(text), gateContext(context, handles)),
  };
}

function wrapRegions(
  native: NativeGateModule,
  handles: Handles,
): Pick<GateModule, 'RegionPacks' | 'SeenCodes' | 'StatusLists' | 'statusListUri' | 'trustRegions'> {
  const trusted = (trust: Trust) => handles.native<NativeTrust>('trust', trust);
  return {
    RegionPacks: class {
      constructor() {
        const packs = new native.RegionPacks();
        return handles.wrap(packs, {
          keep: (json: Uint8Array, trust: Trust) => packs.keep(requireBytes('json', json), trusted(trust)),
          at: (place: string) => packs.at(requireText('place', place)),
          scenes: (place: string) => packs.scenes(requireText('place', place)),
          rule: (place: string, identifier: string) =>
            packs.rule(requireText('place', place), requireText('identifier', identifier)),
          recordDays: (place: string) => packs.recordDays(requireText('place', place)),
        });
      }
    } as GateModule['RegionPacks'],
    SeenCodes: class {
      constructor() {
        const seen = new native.SeenCodes();
        return handles.wrap(seen, {
          size: () => seen.size(),
          save: (now: number) => seen.save(requireCount('now', now)),
          load: (saved: Uint8Array, now: number) => seen.load(requireBytes('saved', saved), requireCount('now', now)),
        });
      }
    } as GateModule['SeenCodes'],
    StatusLists: class {
      constructor() {
        const lists = new native.StatusLists();
        return handles.wrap(lists, {
          keep: (token: Uint8Array, trust: Trust, issuer: string, now: number) =>
            lists.keep(
              requireBytes('token', token),
              trusted(trust),
              requireText('issuer', issuer),
              requireCount('now', now),
            ),
          info: (issuer: string, number: number, now: number) =>
            lists.info(
              requireText('issuer', issuer),
              requireCount('number', number),
              requireCount('now', now),
            ),
        });
      }
    } as GateModule['StatusLists'],
    statusListUri: (trust, issuer, number) =>
      native.statusListUri(trusted(trust), requireText('issuer', issuer), requireCount('number', number)),
    trustRegions: (trust) => native.trustRegions(trusted(trust)),
  };
}

function wrapGateKey(native: NativeGateModule, handles: Handles): Pick<GateModule, 'GateKey'> {
  return {
    GateKey: {
      generate: (entropy) =>
        handles.wrapOutcome(native.GateKey.generate(requireBytes('entropy', entropy)), gateKeyMethods),
      openHost: (sealed, hostKey32) =>
        handles.wrapOutcome(
          native.GateKey.openHost(requireBytes('sealed', sealed), requireBytes('hostKey32', hostKey32)),
          gateKeyMethods,
        ),
    },
  };
}

function gateKeyMethods(key: NativeGateKey): Omit<GateKey, 'delete'> {
  return { ...keyPairMethods(key), request: (ask) => key.request(nativeAsk(ask)) };
}

function nativeAsk(ask: Ask): NativeAsk {
  const { verifier, issuedAt, expiresAt, nonce, purpose, wanted } = requireObject('ask', ask);
  return {
    verifier: requireText('ask.verifier', verifier),
    issuedAt: requireCount('ask.issuedAt', issuedAt),
    expiresAt: requireCount('ask.expiresAt', expiresAt),
    nonce: requireBytes('ask.nonce', nonce),
    purpose: requireText('ask.purpose', purpose),
    wanted: requireTexts('ask.wanted', wanted),
  };
}

function wrapCommon(native: NativeCommonModule, handles: Handles): CommonModule {
  return {
    errorIds: () => native.errorIds(),
    Trust: {
      open(list, roots, knownVersion, now) {
        if (!Array.isArray(roots)) throw new TypeError('roots must be an array');
        const opened = native.Trust.open(
          requireBytes('list', list),
          roots.map((root, index) => requireBytes(`roots[${index}]`, root)),
          requireCount('knownVersion', knownVersion),
          requireCount('now', now),
        );
        return handles.wrapOutcome(opened, (trust) => ({ info: () => trust.info() }));
      },
    },
    verify: (text, context) => native.verify(shorten(text), nativeContext(context, handles)),
    makeQrSymbol: (text) => native.makeQrSymbol(requireText('text', text)),
  };
}

function nativeContext(context: VerifyContext, handles: Handles): NativeVerifyContext {
  const { trust, now, scene, challenge } = requireObject('context', context);
  return {
    now: requireCount('context.now', now),
    trust: trust && handles.native<NativeTrust>('context.trust', trust),
    scene: scene === undefined ? undefined : requireText('context.scene', scene),
    challenge: challenge && {
      verifier: requireText('context.challenge.verifier', challenge.verifier),
      nonce: requireBytes('context.challenge.nonce', challenge.nonce),
      wanted: requireTexts('context.challenge.wanted', challenge.wanted),
    },
  };
}

function gateContext(context: GateContext, handles: Handles): NativeGateContext {
  const { seen, place, packs, statusLists, checkStale } = requireObject('context', context);
  return {
    ...nativeContext(context, handles),
    seen: seen && handles.native<NativeSeenCodes>('context.seen', seen),
    place: place === undefined ? undefined : requireText('context.place', place),
    packs: packs && handles.native<NativeRegionPacks>('context.packs', packs),
    statusLists: statusLists && handles.native<NativeStatusLists>('context.statusLists', statusLists),
    checkStale: checkStale === undefined ? undefined : requireBoolean('context.checkStale', checkStale),
  };
}

function wrapKeysAndCredentials(
  native: NativeWalletModule,
  handles: Handles,
): Pick<WalletModule, 'DeviceKey' | 'Credential'> {
  return {
    DeviceKey: {
      generate: (entropy) =>
        handles.wrapOutcome(native.DeviceKey.generate(requireBytes('entropy', entropy)), deviceKeyMethods),
      openHost(sealed, hostKey32) {
        const opened = native.DeviceKey.openHost(
          requireBytes('sealed', sealed),
          requireBytes('hostKey32', hostKey32),
        );
        return handles.wrapOutcome(opened, deviceKeyMethods);
      },
      openPin(sealed, pin) {
        requireBytes('sealed', sealed);
        return handles.wrapOutcome(
          withSecret(pin, (pinUtf8) => native.DeviceKey.openPin(sealed, pinUtf8)),
          deviceKeyMethods,
        );
      },
    },
    Credential: {
      parse: (encoded) =>
        handles.wrapOutcome(native.Credential.parse(requireBytes('encoded', encoded)), (credential) =>
          credentialMethods(credential, handles),
        ),
    },
  };
}

function keyPairMethods(key: NativeKeyPair): Omit<KeyPair, 'delete'> {
  return {
    publicKey: () => key.publicKey(),
    sealHost: (hostKey32, entropy) =>
      key.sealHost(requireBytes('hostKey32', hostKey32), requireBytes('entropy', entropy)),
    proof: (audience, nonce, now) =>
      key.proof(requireText('audience', audience), requireBytes('nonce', nonce), requireCount('now', now)),
  };
}

function deviceKeyMethods(key: NativeDeviceKey): Omit<DeviceKey, 'delete'> {
  return {
    ...keyPairMethods(key),
    statement: (kind, content, audience, nonce, now) =>
      key.statement(
        requireText('kind', kind),
        requireText('content', content),
        requireText('audience', audience),
        requireBytes('nonce', nonce),
        requireCount('now', now),
      ),
    sealPin(pin, passes, memoryKiB, entropy) {
      requireCount('passes', passes);
      requireCount('memoryKiB', memoryKiB);
      requireBytes('entropy', entropy);
      return withSecret(pin, (pinUtf8) => key.sealPin(pinUtf8, passes, memoryKiB, entropy));
    },
  };
}

function credentialMethods(credential: NativeCredential, handles: Handles): Omit<Credential, 'delete'> {
  return {
    info: () => credential.info(),
    check: (trust, publicKey, now) =>
      credential.check(
        handles.native<NativeTrust>('trust', trust),
        requireBytes('publicKey', publicKey),
        requireCount('now', now),
      ),
  };
}

function wrapReasons(
  native: NativeWalletModule,
  handles: Handles,
): Pick<WalletModule, 'openColourRecord' | 'trustedPacks' | 'sha256'> {
  const trusted = (trust: Trust) => handles.native<NativeTrust>('trust', trust);
  return {
    openColourRecord: (encoded, trust) => native.openColourRecord(requireBytes('encoded', encoded), trusted(trust)),
    trustedPacks: (trust) => native.trustedPacks(trusted(trust)),
    sha256: (bytes) => native.sha256(requireBytes('bytes', bytes)),
  };
}

function wrapRecords(
  native: NativeWalletModule,
): Pick<WalletModule, 'sealRecord' | 'openRecord' | 'sealRecordWithPin' | 'openRecordWithPin'> {
  return {
    sealRecord: (plaintext, key32, entropy) =>
      native.sealRecord(
        requireBytes('plaintext', plaintext),
        requireBytes('key32', key32),
        requireBytes('entropy', entropy),
      ),
    openRecord: (sealed, key32) =>
      native.openRecord(requireBytes('sealed', sealed), requireBytes('key32', key32)),
    sealRecordWithPin: (plaintext, pinUtf8, passes, memoryKiB, entropy) =>
      native.sealRecordWithPin(
        requireBytes('plaintext', plaintext),
        requireBytes('pinUtf8', pinUtf8),
        requireCount('passes', passes),
        requireCount('memoryKiB', memoryKiB),
        requireBytes('entropy', entropy),
      ),
    openRecordWithPin: (sealed, pinUtf8) =>
      native.openRecordWithPin(requireBytes('sealed', sealed), requireBytes('pinUtf8', pinUtf8)),
  };
}

/** The arguments that live codes and answers have in common, checked. */
function signer(
  handles: Handles,
  credential: Credential,
  deviceKey: DeviceKey,
): readonly [NativeCredential, NativeDeviceKey] {
  return [
    handles.native<NativeCredential>('credential', credential),
    handles.native<NativeDeviceKey>('deviceKey', deviceKey),
  ];
}

function moment(now: number, clockConfirmed: boolean): readonly [number, boolean] {
  return [requireCount('now', now), requireBoolean('clockConfirmed', clockConfirmed)];
}

function wrapLive(
  native: NativeWalletModule,
  handles: Handles,
): Pick<WalletModule, 'makeLiveCode' | 'makeLiveFrame'> {
  return {
    makeLiveCode: (credential, deviceKey, now, clockConfirmed) =>
      native.makeLiveCode(...signer(handles, credential, deviceKey), ...moment(now, clockConfirmed)),
    makeLiveFrame: (credential, deviceKey, now, clockConfirmed) =>
      native.makeLiveFrame(...signer(handles, credential, deviceKey), ...moment(now, clockConfirmed)),
  };
}

function wrapAnswers(
  native: NativeWalletModule,
  handles: Handles,
): Pick<WalletModule, 'openRequest' | 'makeAnswer' | 'makeSealedAnswer'> {
  const request = (handle: TrustedRequest) => handles.native<NativeTrustedRequest>('request', handle);
  return {
    openRequest(text, trust, now) {
      const inside = handles.native<NativeTrust>('trust', trust);
      const opened = native.openRequest(shorten(text), inside, requireCount('now', now));
      return handles.wrapOutcome(opened, (trusted) => ({ info: () => trusted.info() }));
    },
    makeAnswer: (asked, credential, deviceKey, agreed, now, clockConfirmed) =>
      native.makeAnswer(
        request(asked),
        ...signer(handles, credential, deviceKey),
        requireTexts('agreed', agreed),
        ...moment(now, clockConfirmed),
      ),
    makeSealedAnswer: (asked, credential, deviceKey, agreed, now, clockConfirmed, entropy) =>
      native.makeSealedAnswer(
        request(asked),
        ...signer(handles, credential, deviceKey),
        requireTexts('agreed', agreed),
        ...moment(now, clockConfirmed),
        requireBytes('entropy', entropy),
      ),
  };
}

const quietZoneModules = 4;

/** One rectangle for each horizontal run of dark modules, from the top left. */
function svgPath({ sizeModules, modules }: QrSymbol): string {
  let path = '';
  for (let y = 0; y < sizeModules; y++) {
    for (let x = 0; x < sizeModules; x++) {
      const begin = x;
      while (x < sizeModules && modules[y * sizeModules + x]) x++;
      if (x > begin) path += `M${begin + quietZoneModules} ${y + quietZoneModules}h${x - begin}v1h-${x - begin}z`;
    }
  }
  return path;
}

function shorten(text: string): string {
  return requireText('text', text).slice(0, maxTextLength);
}

/** Texts that Embind carries leave copies in memory; bytes are copied and wiped by the bindings. */
function withSecret<T>(pin: string, use: (pinUtf8: Uint8Array) => T): T {
  const pinUtf8 = toUtf8(requireText('pin', pin));
  try {
    return use(pinUtf8);
  } finally {
    pinUtf8.fill(0);
  }
}
