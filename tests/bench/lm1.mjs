// SPDX-License-Identifier: Apache-2.0
// LM1 (core/SPEC.md) in plain JavaScript over a stack of libraries: what a page would do without the module.
//
// A stack is {cbor: {encode, decode, tagged}, sha256, signer, verifier, draw}; sha256, and what signer and
// verifier give, may be asynchronous.
import { decodeBase45, encodeBase45 } from './base45.mjs';
import { concat, toHex } from './bytes.mjs';

const livePrefix = 'LM1:';
const maxTextLength = 4296;
const maxCredentialSeconds = 24 * 3600;
const noBytes = new Uint8Array();
const key = {
  iss: 1, sub: 2, aud: 3, exp: 4, iat: 6, cnf: 8, nonce: 39, code: -65537, identity: -65538, trust: -65541,
};
const header = { alg: 1, kid: 4, kcwt: 13, typ: 16, sdClaims: 17 };
const typ = { sdCwt: 293, keyBinding: 294 };
const redactedKeys = Uint8Array.of(0xf8, 59);
const colours = ['pending', 'green', 'yellow', 'red'];
const decisions = ['check', 'admit', 'check', 'refuse'];
const base64Url = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

class Refusal extends Error {}

function refuse(reason) {
  throw new Refusal(reason);
}

function demand(condition, reason) {
  if (!condition) refuse(reason);
}

function isMapOf(value, keys) {
  if (!(value instanceof Map)) return false;
  for (const found of value.keys()) if (!keys.includes(found)) return false;
  return true;
}

const isSeconds = (value) => Number.isSafeInteger(value) && value >= 0;
const isPartyId = (value) => typeof value === 'string' && /^[A-Za-z0-9._-]{1,16}$/.test(value);
const isSubject = (value) => typeof value === 'string' && /^[A-Za-z0-9_-]{8}$/.test(value);
const isPlain = (value) =>
  typeof value === 'string' &&
  value.length > 0 &&
  !/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/.test(value);

/** 330100 covers 3301xx. */
function covers(region, code) {
  return code.startsWith(region.replace(/(00)+$/, ''));
}

export function createLm1({ cbor, sha256, signer, verifier, draw }) {
  const { encode, decode, tagged } = cbor;

  const toBeSigned = (protectedHeader, payload) => encode(['Signature1', protectedHeader, noBytes, payload]);
  const sign1 = (parts) => encode(tagged(18, parts));

  function decodeStrictly(bytes) {
    try {
      return decode(bytes);
    } catch {
      return refuse('cbor.malformed');
    }
  }

  function readSign1(item) {
    const parts = item?.tag === 18 ? item.value : undefined;
    demand(Array.isArray(parts) && parts.length === 4, 'cose.shape');
    const [protectedHeader, unprotected, payload, signature] = parts;
    const whole = [protectedHeader, payload, signature].every((part) => part instanceof Uint8Array);
    demand(whole && unprotected instanceof Map && signature.length === 64, 'cose.shape');
    return { protectedHeader, unprotected, payload, signature };
  }

  function checkAlgorithm(map) {
    const algorithm = map.get(header.alg);
    demand(algorithm === -19 || algorithm === -8, 'cose.algorithm-unsupported');
  }

  const coseKey = (raw32) => encode(new Map([[1, 1], [-1, 6], [-2, raw32]]));
  const keyId = async (raw32) => (await sha256(coseKey(raw32))).slice(0, 8);

  // --- the redacted hash, for which no library here has a key: it is the last entry of its map ---

  /** The map's encoding without its redacted entry. */
  function withoutRedacted(payload) {
    const at = payload.length - 37;
    if (at < 1 || payload[at] !== redactedKeys[0] || payload[at + 1] !== redactedKeys[1]) return payload;
    demand(payload[at + 2] === 0x81 && payload[at + 3] === 0x58 && payload[at + 4] === 32, 'disclosure.shape');
    const rest = payload.slice(0, at);
    rest[0] -= 1;
    return rest;
  }

  function withRedacted(map, hash32) {
    const encoded = concat([encode(map), redactedKeys, encode([hash32])]);
    encoded[0] += 1;
    return encoded;
  }

  // --- holder ---

  async function openHolder({ credential, deviceSeed }) {
    const parts = readSign1(decode(credential));
    const claims = decode(withoutRedacted(parts.payload));
    const issuedAt = claims.get(key.iat);
    const expiresAt = claims.get(key.exp);
    const presented = tagged(18, [parts.protectedHeader, new Map(), parts.payload, parts.signature]);
    const sign = await signer(deviceSeed);
    const nothing = new Map();

    async function liveCode(now) {
      if (now < issuedAt || now >= expiresAt) throw new RangeError('now');
      const protectedHeader = encode(new Map([[header.alg, -19], [header.kcwt, presented], [header.typ, typ.keyBinding]]));
      const payload = encode(new Map([[key.aud, '*'], [key.iat, now]]));
      const signature = await sign(toBeSigned(protectedHeader, payload));
      return livePrefix + encodeBase45(sign1([protectedHeader, nothing, payload, signature]));
    }

    return {
      async frame(now) {
        const text = await liveCode(now);
        return { text, symbol: draw(text) };
      },
    };
  }

  // --- gate ---

  async function readIssuer(entry) {
    const keys = entry.get(3).map(async ([raw32, notBefore, notAfter]) => ({
      id: toHex(await keyId(raw32)),
      verify: await verifier(raw32),
      notBefore,
      notAfter,
    }));
    const [, windowSeconds, futureSeconds] = entry.get(5);
    return { id: entry.get(1), keys: await Promise.all(keys), windowSeconds, futureSeconds, regions: entry.get(6) };
  }

  async function readTrust(bytes) {
    const claims = decode(decode(bytes).value[2]);
    const content = claims.get(key.trust);
    const issuers = await Promise.all(content.get(3).map(readIssuer));
    return {
      issuedAt: claims.get(key.iat),
      expiresAt: claims.get(key.exp),
      issuers: new Map(issuers.map((issuer) => [issuer.id, issuer])),
    };
  }

  function readText(text) {
    demand(text.length > 0, 'format.empty');
    demand(text.length <= maxTextLength, 'format.too-long');
    if (!text.startsWith(livePrefix)) refuse(text.startsWith('HC1:') ? 'format.other-system' : 'format.prefix-unknown');
    const bytes = decodeBase45(text, livePrefix.length);
    return typeof bytes === 'string' ? refuse(bytes) : bytes;
  }

  function readCode(code) {
    demand(isMapOf(code, [1, 2, 3, 4, 5, 6]), 'credential.claim-unknown');
    const [colour, region, maskedName, idTail, status, live] = [1, 2, 3, 4, 5, 6].map((member) => code.get(member));
    const good =
      colours[colour] !== undefined &&
      (region === undefined || /^[0-9]{6}$/.test(region)) &&
      isPlain(maskedName) &&
      /^[0-9]{3}[0-9X]$/.test(idTail) &&
      isSeconds(status) &&
      (live === undefined || (Array.isArray(live) && live.length === 2));
    demand(good, 'credential.claim-invalid');
    return { colour, region, maskedName, idTail, live };
  }

  function readDeviceKey(cnf) {
    demand(cnf instanceof Map, 'holder.key-missing');
    const raw = cnf.get(1);
    demand(isMapOf(raw, [1, -1, -2]) && raw.get(1) === 1 && raw.get(-1) === 6, 'cose.key-shape');
    const raw32 = raw.get(-2);
    demand(raw32 instanceof Uint8Array && raw32.length === 32, 'cose.key-shape');
    return raw32;
  }

  function readCredential(item) {
    const parts = readSign1(item);
    const protectedHeader = decodeStrictly(parts.protectedHeader);
    demand(isMapOf(protectedHeader, [header.alg, header.kid, header.typ]), 'cose.header-unknown');
    checkAlgorithm(protectedHeader);
    demand(protectedHeader.get(header.typ) === typ.sdCwt, 'cose.type-wrong');
    demand(parts.unprotected.size === 0, 'disclosure.unasked');
    const claims = decodeStrictly(withoutRedacted(parts.payload));
    demand(isMapOf(claims, [key.iss, key.sub, key.exp, key.iat, key.cnf, key.code]), 'credential.claim-unknown');
    const [issuer, subject, expiresAt, issuedAt] = [key.iss, key.sub, key.exp, key.iat].map((name) => claims.get(name));
    const good = isPartyId(issuer) && isSubject(subject) && isSeconds(expiresAt) && isSeconds(issuedAt);
    demand(good && issuedAt < expiresAt, 'credential.claim-invalid');
    const deviceKey = readDeviceKey(claims.get(key.cnf));
    const code = readCode(claims.get(key.code));
    return { parts, keyId: toHex(protectedHeader.get(header.kid)), issuer, subject, expiresAt, issuedAt, deviceKey, code };
  }

  function readKeyBinding(bytes) {
    const parts = readSign1(decodeStrictly(bytes));
    const protectedHeader = decodeStrictly(parts.protectedHeader);
    demand(isMapOf(protectedHeader, [header.alg, header.kcwt, header.typ]), 'cose.header-unknown');
    demand(protectedHeader.get(header.typ) === typ.keyBinding, 'cose.type-wrong');
    checkAlgorithm(protectedHeader);
    demand(parts.unprotected.size === 0, 'cose.header-unknown');
    const credential = readCredential(protectedHeader.get(header.kcwt));
    const claims = decodeStrictly(parts.payload);
    demand(isMapOf(claims, [key.aud, key.iat]) && isSeconds(claims.get(key.iat)), 'live.shape');
    return { parts, credential, audience: claims.get(key.aud), issuedAt: claims.get(key.iat) };
  }

  /** The issuer's entry, once its signature is found good. */
  async function checkIssuer(credential, trust) {
    const issuer = trust.issuers.get(credential.issuer);
    demand(issuer, 'issuer.unknown');
    const known = issuer.keys.find((dated) => dated.id === credential.keyId);
    demand(known, 'issuer.key-unknown');
    const { issuedAt, parts } = credential;
    demand(issuedAt >= known.notBefore && issuedAt < known.notAfter, 'issuer.key-not-in-force');
    const region = credential.code.region ?? credential.issuer;
    const allowed = issuer.regions.length === 0 ? region === issuer.id : issuer.regions.some((one) => covers(one, region));
    demand(allowed, 'issuer.region-not-allowed');
    const good = await known.verify(toBeSigned(parts.protectedHeader, parts.payload), parts.signature);
    demand(good, 'issuer.signature-bad');
    return issuer;
  }

  function checkTimes({ issuedAt, expiresAt }, { futureSeconds }, now) {
    demand(expiresAt - issuedAt <= maxCredentialSeconds, 'time.credential-life-too-long');
    demand(now >= issuedAt - futureSeconds, 'time.credential-not-yet');
    demand(now < expiresAt, 'time.credential-expired');
  }

  async function checkHolder({ credential, parts }) {
    const verify = await verifier(credential.deviceKey);
    const good = await verify(toBeSigned(parts.protectedHeader, parts.payload), parts.signature);
    demand(good, 'holder.signature-bad');
  }

  function checkWindow(binding, issuer, now) {
    const age = now - binding.issuedAt;
    demand(age <= (binding.credential.code.live?.[1] ?? issuer.windowSeconds), 'time.too-old');
    demand(-age <= issuer.futureSeconds, 'time.future');
    const { issuedAt, expiresAt } = binding.credential;
    demand(binding.issuedAt >= issuedAt && binding.issuedAt < expiresAt, 'time.outside-credential');
  }

  async function check(text, trust, now) {
    const binding = readKeyBinding(readText(text));
    demand(now < trust.expiresAt, 'trust.expired');
    demand(now >= trust.issuedAt - 60, 'time.verifier-clock-suspect');
    const { credential } = binding;
    const issuer = await checkIssuer(credential, trust);
    checkTimes(credential, issuer, now);
    await checkHolder(binding);
    demand(binding.audience === '*', 'audience.mismatch');
    checkWindow(binding, issuer, now);
    const { colour, region, maskedName, idTail } = credential.code;
    return {
      decision: decisions[colour],
      reason: `colour.${colours[colour]}`,
      assurance: 'time',
      ageSeconds: now - binding.issuedAt,
      code: {
        issuer: credential.issuer,
        region: region ?? credential.issuer,
        colour: colours[colour],
        maskedName,
        idTail,
        subject: credential.subject,
        expiresAt: credential.expiresAt,
      },
    };
  }

  async function openGate({ trustList }) {
    const trust = await readTrust(trustList);
    return {
      async verify(text, now) {
        try {
          return await check(text, trust, now);
        } catch (error) {
          if (error instanceof Refusal) return { decision: 'refuse', reason: error.message };
          throw error;
        }
      },
    };
  }

  // --- issuer ---

  function subjectFrom(random6) {
    let text = '';
    for (let i = 0; i < 6; i += 3) {
      const group = (random6[i] << 16) | (random6[i + 1] << 8) | random6[i + 2];
      for (let shift = 18; shift >= 0; shift -= 6) text += base64Url[(group >> shift) & 63];
    }
    return text;
  }

  const blindedHash32 = (disclosure) => sha256(encode(disclosure));

  function compareBytes(a, b) {
    for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) return a[i] - b[i];
    return 0;
  }

  /** The identity's own disclosure first, then one for each member. */
  async function makeDisclosures(identity, drawn) {
    const salt = (index) => drawn.subarray(6 + 16 * index, 22 + 16 * index);
    const members = identity.map(([name, value], index) => encode([salt(index), value, name]));
    const hashes = await Promise.all(members.map(blindedHash32));
    const redacted = concat([Uint8Array.of(0xa1), redactedKeys, encode(hashes.sort(compareBytes))]);
    const own = concat([Uint8Array.of(0x83), encode(salt(identity.length)), redacted, encode(key.identity)]);
    return [own, ...members];
  }

  async function openIssuer({ claims, issuerSeed, issuerPublic, devicePublic }) {
    const sign = await signer(issuerSeed);
    const kid = await keyId(issuerPublic);

    return {
      async issue(drawn) {
        const disclosures = await makeDisclosures(claims.identity, drawn);
        const plain = new Map([
          [key.iss, claims.issuer],
          [key.sub, subjectFrom(drawn)],
          [key.exp, claims.expiresAt],
          [key.iat, claims.issuedAt],
          [key.cnf, new Map([[1, new Map([[1, 1], [-1, 6], [-2, devicePublic]])]])],
          [key.code, new Map([[1, claims.colour], [3, claims.maskedName], [4, claims.idTail], [5, claims.statusIndex]])],
        ]);
        const payload = withRedacted(plain, await blindedHash32(disclosures[0]));
        const protectedHeader = encode(new Map([[header.alg, -19], [header.kid, kid], [header.typ, typ.sdCwt]]));
        const signature = await sign(toBeSigned(protectedHeader, payload));
        return sign1([protectedHeader, new Map([[header.sdClaims, disclosures]]), payload, signature]);
      },
    };
  }

  return { openHolder, openGate, openIssuer, draw };
}

