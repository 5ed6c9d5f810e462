// SPDX-License-Identifier: Apache-2.0
// The issuer's server as the package sees it: its HTTP API, answered inside the host's fetch.
import { randomBytes } from 'node:crypto';
import { claims as usualClaims, issuerId, packs } from './authority.mjs';

/** COSE_Key of an Ed25519 key, up to its x. */
const coseKeyHead = Buffer.from('a3010120062158 20'.replace(' ', ''), 'hex');

export class FakeServer {
  constructor(authority, clocks) {
    this.authority = authority;
    this.clocks = clocks;
    this.online = true;
    this.roundTripSeconds = 0;
    this.tickets = new Map();
    this.known = new Map();
    this.answers = [];
    this.urls = [];
    /** Files that are served beside the API: path to bytes. */
    this.files = new Map(packs.map(({ region, version, sha256, bytes }) => [`/packs/${region}-${version}-${sha256}.json`, bytes]));
    this.replies = new Map();
    /** What the next records of colours say instead of what the rules give; null: no record comes. */
    this.bentRecord = {};
    /** Codes of gates' owners: each to the id it stands for. */
    this.gateCodes = new Map();
    /** Called with a gate's id and key before the reply goes out. */
    this.onGate = () => undefined;
    /** Called with the path of each request before it is answered, and after with `true`. */
    this.onRequest = () => undefined;
    this.fetch = this.fetch.bind(this);
  }

  addTicket(ticket, claims = {}) {
    this.tickets.set(ticket, { claims });
  }

  async fetch(url, request = {}) {
    const path = url.replace(/^https?:\/\/[^/]+/, '');
    this.urls.push(url);
    if (!this.online) throw new Error('offline');
    this.onRequest(path, false);
    this.clocks.pass(this.roundTripSeconds / 2);
    const [status, body] = this.answerOnce(path, request);
    this.clocks.pass(this.roundTripSeconds / 2);
    this.onRequest(path, true);
    const bytes = body instanceof Uint8Array ? body : new TextEncoder().encode(JSON.stringify(body));
    return { status, header: () => undefined, body: bytes };
  }

  /** The same request again gets the same reply. */
  answerOnce(path, { body, headers }) {
    const key = headers?.['Idempotency-Key'];
    const reply = this.replies.get(key) ?? this.answer(path, body);
    if (key && reply[0] < 300) this.replies.set(key, reply);
    return reply;
  }

  answer(path, body) {
    if (this.files.has(path)) return [200, this.files.get(path)];
    switch (path) {
      case '/api/gates':
        return this.addGate(JSON.parse(body));
      case '/api/time':
        return [200, { nowMs: this.clocks.worldMs }];
      case '/config.json':
        return [
          200,
          {
            issuer: issuerId,
            roots: this.authority.roots.map((root) => Buffer.from(root).toString('base64url')),
          },
        ];
      case '/trust/list.cbor':
        return [200, this.authority.list];
      case '/api/enrol/challenge':
        return [200, { nonce: randomBytes(16).toString('base64url'), issuer: issuerId }];
      case '/api/enrol':
        return this.enrol(JSON.parse(body));
      case '/api/renew':
        return this.renew(JSON.parse(body));
      case '/answers':
        this.answers.push(body);
        return [
          200,
          { hospital: 'First Hospital', department: 'ENT', queueNumber: 7, ahead: 2, visitId: 'v1' },
        ];
      default:
        return problem(404, 'http.not-found');
    }
  }

  enrol({ ticket, proof }) {
    const entry = this.tickets.get(ticket);
    if (!entry) return problem(404, 'enrol.ticket-unknown');
    if (entry.used) return problem(409, 'enrol.ticket-used');
    entry.used = true;
    const key = provenKey(proof);
    this.known.set(Buffer.from(key).toString('hex'), entry.claims);
    return this.credential(201, key, entry.claims);
  }

  renew({ proof }) {
    const key = provenKey(proof);
    const claims = this.known.get(Buffer.from(key).toString('hex'));
    return claims ? this.credential(200, key, claims) : problem(404, 'enrol.ticket-unknown');
  }

  /** The code is the nonce of the proof. */
  addGate({ proof }) {
    const inside = Buffer.from(proof, 'base64url').toString('latin1');
    const code = [...this.gateCodes.keys()].find((each) => inside.includes(each));
    if (!code) return problem(403, 'enrol.code-refused');
    const id = this.gateCodes.get(code);
    this.onGate(id, provenKey(proof));
    return [201, { id }];
  }

  credential(status, key, claims) {
    const now = this.clocks.seconds;
    const credential = this.authority.issue(key, { now, ...claims });
    const reply = { credential: Buffer.from(credential).toString('base64url') };
    if (this.bentRecord === null) return [status, reply];
    const record = this.authority.record(claims.colour ?? usualClaims.colour, { now, ...(claims.region && { region: claims.region }), ...this.bentRecord });
    return [status, { ...reply, record: Buffer.from(record).toString('base64url') }];
  }
}

function problem(status, code) {
  return [status, { type: `about:blank#${code}`, title: code, status, code }];
}

function provenKey(proof) {
  const bytes = Buffer.from(proof, 'base64url');
  const at = bytes.indexOf(coseKeyHead);
  if (at < 0) throw new Error('no key in the proof');
  return new Uint8Array(bytes.subarray(at + coseKeyHead.length, at + coseKeyHead.length + 32));
}
