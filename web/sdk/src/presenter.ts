// SPDX-License-Identifier: Apache-2.0
import { requireObject, requireText, requireTexts } from './guard.js';
import type { Credential, DeviceKey, TrustedRequest } from './modules.js';
import { failure, type Outcome, success } from './outcome.js';
import { type QueueTicket, ticketFromReply, readQueueTicket } from './queue-ticket.js';
import type { IdentityClaimId, LiveFrame } from './types.js';
import type { Frame, RequestInfo } from './wallet-types.js';
import type { WalletParts } from './wallet-parts.js';

const defaultPeriodSeconds = 5;
/** How often an answer is sent again where no reply came. */
const resends = 2;

interface Signer {
  readonly credential: Credential;
  readonly key: DeviceKey;
}

/** What a person shows and answers with, signed by the key that is in memory: the calls of Wallet of the same names. */
export class Presenter {
  readonly #parts: WalletParts;

  constructor(parts: WalletParts) {
    this.#parts = parts;
  }

  frame(personId: string): Outcome<Frame> {
    const signer = this.#signer(personId);
    if (!signer.ok) return signer;
    const { module, clock } = this.#parts;
    const { credential, key } = signer.value;
    const { seconds, confirmed } = clock.now();
    return this.#finish(module.makeLiveFrame(credential, key, seconds, confirmed), signer.value, seconds);
  }

  readRequest(text: string): Outcome<RequestInfo> {
    const opened = this.#openRequest(text);
    if (!opened.ok) return opened;
    const info = opened.value.info();
    opened.value.delete();
    return success({ ...info, text });
  }

  async answer(
    request: RequestInfo,
    personId: string,
    agreed: readonly IdentityClaimId[],
  ): Promise<Outcome<QueueTicket>> {
    requireObject('request', request);
    const { host, module } = this.#parts;
    const entropy = await host.randomBytes(32);
    const read = this.readRequest(request.text);
    if (!read.ok) return read;
    if (read.value.answerUrl === undefined) return failure('wallet.answer-by-qr');
    const sealed = this.#answer(request, personId, agreed, (...signed) => module.makeSealedAnswer(...signed, entropy));
    return sealed.ok ? this.#deliver(read.value.answerUrl, sealed.value) : sealed;
  }

  answerFrame(request: RequestInfo, personId: string, agreed: readonly IdentityClaimId[]): Outcome<Frame> {
    requireObject('request', request);
    const { module, clock } = this.#parts;
    const text = this.#answer(request, personId, agreed, (...signed) => module.makeAnswer(...signed));
    if (!text.ok) return text;
    const symbol = module.makeQrSymbol(text.value);
    if (!symbol.ok) return symbol;
    const signer = this.#signer(personId);
    if (!signer.ok) return signer;
    return this.#finish(success({ text: text.value, ...symbol.value }), signer.value, clock.now().seconds);
  }

  async queueState(ticket: QueueTicket): Promise<Outcome<QueueTicket>> {
    const { statusUrl } = requireObject('ticket', ticket);
    if (statusUrl === undefined) return failure('clinic.visit-unknown');
    const told = await this.#parts.server.getJson<object>(statusUrl);
    if (!told.ok) return told;
    const { hospital, visitId, already } = ticket;
    const fresh = readQueueTicket({ ...told.value, hospital, visitId, already, statusUrl });
    return fresh ? success(fresh) : failure('net.bad-reply');
  }

  /** The same text again, where no reply came, gets the same number. */
  async #deliver(answerUrl: string, sealed: string): Promise<Outcome<QueueTicket>> {
    const { server } = this.#parts;
    let sent = await server.postText<object>(answerUrl, sealed);
    for (let left = resends; left > 0 && !sent.ok && sent.code === 'net.unreachable'; left--)
      sent = await server.postText<object>(answerUrl, sealed);
    if (!sent.ok) return sent.code === 'net.unreachable' ? failure('wallet.hospital-unreachable') : sent;
    const ticket = ticketFromReply(sent.value, answerUrl);
    return ticket ? success(ticket) : failure('net.bad-reply');
  }

  #finish(made: Outcome<LiveFrame>, signer: Signer, now: number): Outcome<Frame> {
    if (!made.ok) return made;
    const { expiresAt, live, issuer } = signer.credential.info();
    const policy = live ?? this.#parts.trust.info?.issuers.find((each) => each.id === issuer)?.live;
    return success({ ...made.value, now, expiresAt, periodSeconds: policy?.periodSeconds ?? defaultPeriodSeconds });
  }

  #openRequest(text: string): Outcome<TrustedRequest> {
    const { module, clock, trust } = this.#parts;
    return trust.trust ? module.openRequest(text, trust.trust, clock.now().seconds) : failure('trust.missing');
  }

  #answer(
    request: RequestInfo,
    personId: string,
    agreed: readonly IdentityClaimId[],
    make: (
      request: TrustedRequest,
      credential: Credential,
      key: DeviceKey,
      agreed: readonly IdentityClaimId[],
      now: number,
      confirmed: boolean,
    ) => Outcome<string>,
  ): Outcome<string> {
    requireTexts('agreed', agreed);
    const signer = this.#signer(personId);
    if (!signer.ok) return signer;
    const opened = this.#openRequest(request.text);
    if (!opened.ok) return opened;
    const { seconds, confirmed } = this.#parts.clock.now();
    const made = make(opened.value, signer.value.credential, signer.value.key, agreed, seconds, confirmed);
    opened.value.delete();
    return made;
  }

  #signer(personId: string): Outcome<Signer> {
    const { keyring } = this.#parts;
    const holder = keyring.find(requireText('personId', personId));
    if (keyring.lock === 'locked') return failure('wallet.locked');
    if (!holder?.credential) return failure('wallet.person-unknown');
    return success({ credential: holder.credential, key: holder.key });
  }
}
