// SPDX-License-Identifier: Apache-2.0
// Runs the golden vectors of tests/vectors over the package, in Node and in a page: nothing of either is used here.

const bytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (byte) => parseInt(byte, 16));
const hex = (view) => Array.from(view, (byte) => byte.toString(16).padStart(2, '0')).join('');

function valueOf(outcome) {
  if (!outcome.ok) throw new Error(outcome.code);
  return outcome.value;
}

/** JSON with its keys in order: what is compared. */
function canonical(value) {
  return JSON.stringify(value, (_key, inside) =>
    inside && typeof inside === 'object' && !Array.isArray(inside)
      ? Object.fromEntries(Object.entries(inside).sort(([one], [other]) => (one < other ? -1 : 1)))
      : inside,
  );
}

/** The files that hold what the package can express. */
export const vectorFiles = ['verify', 'trust', 'credential', 'request', 'holder', 'vault'];

/**
 * Runs every record that the package can express.
 *
 * @param wallet, gate  the two modules
 * @param content       each file of vectorFiles by its name
 * @returns for each run: what of, how many of how many records, and those that came out otherwise
 */
export function runVectors({ wallet, gate, content }) {
  const usual = content.trust.records.find(({ name }) => name === 'usual').input;
  /** A list as it was accepted when it was issued, which is 100 s before the vectors' clock. */
  const openTrust = (module, list) =>
    valueOf(module.Trust.open(bytes(list), usual.roots.map(bytes), 0, usual.now - 100));
  const boxes = content.vault.records;
  const deviceSeed = boxes[0].expected.bytes;
  /** The device key of the vectors: what their box at rest holds. */
  const deviceKey = () => {
    const { sealed, hostKey } = boxes.find(({ name }) => name === 'host-key').input;
    return valueOf(wallet.DeviceKey.openHost(bytes(sealed), bytes(hostKey)));
  };
  /** An outcome in a record's words. */
  const stated = (outcome, describe) => (outcome.ok ? describe(outcome.value) : { error: outcome.code });

  function verdictOf(module, input) {
    const { trust, now, scene, challenge } = input;
    const seen = input.seen ? new module.SeenCodes() : undefined;
    const context = { trust: openTrust(module, content.verify.trustLists[trust]), now, scene, seen };
    if (challenge) context.challenge = { ...challenge, nonce: bytes(challenge.nonce) };
    if (seen && module.verify(input.text, context).decision !== 'admit') return 'not admitted at first';
    const { decision, reason, assurance, code } = module.verify(input.text, context);
    if (!code) return { decision, reason };
    const { issuer, region, colour, maskedName, idTail, identity } = code;
    return { decision, reason, assurance, code: { issuer, region, colour, maskedName, idTail, identity } };
  }

  function openCredential(input) {
    return stated(wallet.Credential.parse(bytes(input.credential)), (credential) => {
      const { issuer, region, colour, maskedName, idTail, identity } = credential.info();
      return { ok: true, issuer, region, colour, maskedName, idTail, identity };
    });
  }

  function openRequest(input) {
    return stated(wallet.openRequest(input.text, openTrust(wallet, input.trust), input.now), (request) => {
      const { verifier, purpose, wanted, nonce, answerUrl } = request.info();
      return { ok: true, verifier, purpose, wanted, nonce: hex(nonce), answerUrl };
    });
  }

  function makeForHolder(input) {
    const credential = valueOf(wallet.Credential.parse(bytes(input.credential)));
    if (input.operation === 'makeLiveCode') {
      return wallet.makeLiveCode(credential, deviceKey(), input.now, input.clockConfirmed);
    }
    const request = valueOf(wallet.openRequest(input.request, openTrust(wallet, input.trust), input.now - 10));
    return wallet.makeAnswer(request, credential, deviceKey(), input.agreed, input.now, true);
  }

  function openBox({ sealed, hostKey, pin }) {
    const opened = hostKey
      ? wallet.DeviceKey.openHost(bytes(sealed), bytes(hostKey))
      : wallet.DeviceKey.openPin(bytes(sealed), pin);
    return stated(opened, () => ({ ok: true, bytes: deviceSeed }));
  }

  function run(name, what, make, expresses = () => true) {
    const { records } = content[name];
    const chosen = records.filter(({ input }) => expresses(input));
    const wrong = chosen.filter(({ input, expected }) => canonical(make(input)) !== canonical(expected));
    return { what, ran: chosen.length, of: records.length, wrong: wrong.map((record) => record.name) };
  }

  const withoutStatus = ({ status }) => status === undefined; // status lists are looked up in C++
  const withoutMemory = (input) => withoutStatus(input) && !input.seen; // a wallet remembers no codes
  const isMade = ({ operation, deviceSeed: seed }) =>
    ['makeLiveCode', 'makeAnswer'].includes(operation) && seed === deviceSeed;
  return [
    run('verify', 'verify, by the wallet', (input) => verdictOf(wallet, input), withoutMemory),
    run('verify', 'verify, by the gate', (input) => verdictOf(gate, input), withoutStatus),
    run('trust', 'trust', (input) =>
      stated(
        gate.Trust.open(bytes(input.trust), input.roots.map(bytes), input.knownVersion, input.now),
        (list) => ({ ok: true, version: list.info().version }),
      ),
    ),
    run('credential', 'credential', openCredential),
    run('request', 'request', openRequest),
    run('holder', 'holder', (input) => stated(makeForHolder(input), (text) => ({ text })), isMade),
    run('vault', 'vault', openBox, ({ context }) => context === 'device-key'),
  ];
}
