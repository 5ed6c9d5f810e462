// SPDX-License-Identifier: Apache-2.0
import { type Authority, type Caller, type Issued, type Told } from './authority.js';
import { reasonOf } from './colour-rules.js';
import type { KeyPair } from './keyring.js';
import { failure, type Outcome, success } from './outcome.js';
import { describe, type Holder, renewalDueAt, withCredential } from './people.js';
import { type Pack, PlacePacks } from './place-packs.js';
import type { CredentialInfo } from './types.js';
import type { ColourReason, OwnState, Person, Relation } from './wallet-types.js';
import type { WalletParts } from './wallet-parts.js';

/** Gets people's codes from the issuer, judges them as they arrive, and keeps them. One call at a time. */
export class CodeKeeper {
  readonly #parts: WalletParts;
  readonly #authority: Authority;
  readonly #packs: PlacePacks;

  constructor(parts: WalletParts, authority: Authority) {
    this.#parts = parts;
    this.#authority = authority;
    this.#packs = new PlacePacks(parts.module, parts.server);
  }

  /** Trades a ticket in, with the key of the attempt that was cut short, if there was one. */
  async enrol(ticket: string, key: () => Promise<Outcome<KeyPair>>, relation?: Relation): Promise<Outcome<Person>> {
    const trusted = await this.#ensureTrust();
    if (!trusted.ok) return trusted;
    const waiting = this.#parts.keyring.holders.find((holder) => holder.ticket === ticket);
    const holder = waiting ? success(waiting) : await this.#addHolder(await key(), { ticket, relation });
    return holder.ok ? this.#tradeIn(holder.value, ticket, waiting !== undefined) : holder;
  }

  /** Somebody whose code has been elsewhere. Killed on the way, the next refresh ends it: the key is bound, or it is not. */
  async move(made: Outcome<KeyPair>, by: { ticket: string } | { statement: string }): Promise<Outcome<Person>> {
    const trusted = await this.#ensureTrust();
    const holder = trusted.ok ? await this.#addHolder(made) : trusted;
    if (!holder.ok) return holder;
    const issued = await this.#authority.replace(holder.value.key, by);
    if (issued.ok) return this.#take(holder.value, issued.value);
    if (issued.code !== 'net.unreachable') await this.#parts.keyring.remove(holder.value.id);
    return issued;
  }

  async renew(personId: string): Promise<Outcome<Person>> {
    const { keyring } = this.#parts;
    const holder = keyring.find(personId);
    if (!holder) return failure('wallet.person-unknown');
    const trusted = await this.#ensureTrust();
    if (!trusted.ok) return trusted;
    const caller = callerOf(holder);
    let issued = await this.#authority.renew(caller);
    // The issuer forgets subjects of long ago; whoever is alone on a key is known by the key.
    if (!issued.ok && issued.code === 'key.mismatch' && caller.subject)
      issued = await this.#authority.renew({ key: holder.key });
    if (issued.ok) return this.#take(holder, issued.value);
    if (issued.code === 'key.mismatch' && !holder.info) await keyring.remove(holder.id);
    return issued;
  }

  /** Takes in what the issuer says of somebody, with a fresh code where the one here is of another colour. */
  async hear(holder: Holder, { colour, checkIns, appeal }: Told): Promise<Outcome<OwnState>> {
    const awaited = holder.info?.colour === colour ? undefined : colour;
    const kept = await this.#parts.keyring.replace({ ...holder, appeal, awaited });
    if (!kept.ok) return kept;
    let person = awaited ? await this.renew(holder.id) : this.#describe(kept.value);
    if (!person.ok && person.code.startsWith('net.')) person = this.#describe(kept.value);
    return person.ok ? success({ colour, person: person.value, checkIns }) : person;
  }

  /** Those whose code has not arrived, or not that of their new colour, or is due for renewal. */
  due(): Holder[] {
    const now = this.#now();
    return this.#parts.keyring.holders.filter(({ info, awaited }) => !info || awaited || now >= renewalDueAt(info));
  }

  /** Gets a code that is due. */
  bringUpToDate(holder: Holder): Promise<Outcome<Person>> {
    return holder.ticket === undefined ? this.renew(holder.id) : this.#tradeIn(holder, holder.ticket, true);
  }

  /** The packs that speak at a place, the most particular first. @error trust.missing, net.*, pack.* */
  async packsAt(region: string): Promise<Outcome<readonly Pack[]>> {
    const { trust } = this.#parts.trust;
    return trust ? this.#packs.at(region, trust) : failure('trust.missing');
  }

  #now(): number {
    return this.#parts.clock.now().seconds;
  }

  async #addHolder(
    made: Outcome<KeyPair>,
    pending?: { readonly ticket: string; readonly relation: Relation | undefined },
  ): Promise<Outcome<Holder>> {
    return made.ok ? this.#parts.keyring.add(made.value, this.#now(), pending) : made;
  }

  /** An attempt that was cut short may have used the ticket already, for this very key. */
  async #tradeIn(holder: Holder, ticket: string, isRetry: boolean): Promise<Outcome<Person>> {
    const { key, relation } = holder;
    let issued = relation
      ? await this.#authority.addDependant(key, ticket, relation)
      : await this.#authority.enrol(key, ticket);
    if (isRetry && !relation && !issued.ok && issued.code === 'enrol.ticket-used') {
      const renewed = await this.#authority.renew({ key });
      if (renewed.ok || renewed.code.startsWith('net.')) issued = renewed;
    }
    if (issued.ok) return this.#take(holder, issued.value);
    if (issued.code.startsWith('enrol.ticket-')) await this.#parts.keyring.remove(holder.id);
    return issued;
  }

  /** Checks a credential as it arrives, and why it has its colour; stores it, then shows it. */
  async #take(holder: Holder, { credential: encoded, record }: Issued): Promise<Outcome<Person>> {
    const { module, keyring } = this.#parts;
    const checked = this.#check(encoded, holder);
    if (!checked.ok) return checked;
    const reason = await this.#reasonOf(record, checked.value);
    if (!reason.ok) return reason;
    const next = { ...withCredential(module, holder, encoded), reason: reason.value };
    const kept = await keyring.replace(next);
    if (!kept.ok) {
      next.credential?.delete();
      return kept;
    }
    holder.credential?.delete();
    return this.#describe(next);
  }

  #check(encoded: Uint8Array, holder: Holder): Outcome<CredentialInfo> {
    const { module, trust } = this.#parts;
    const parsed = module.Credential.parse(encoded);
    if (!parsed.ok) return parsed;
    const info = parsed.value.info();
    const checked = trust.trust
      ? parsed.value.check(trust.trust, holder.key.publicKey(), this.#now())
      : failure('trust.missing');
    parsed.value.delete();
    return checked.ok ? success(info) : checked;
  }

  /** @error record.*, colour.no-rule, net.*, pack.* */
  async #reasonOf(encoded: Uint8Array, info: CredentialInfo): Promise<Outcome<ColourReason>> {
    const { module, trust } = this.#parts;
    if (!trust.trust) return failure('trust.missing');
    const record = module.openColourRecord(encoded, trust.trust);
    if (!record.ok) return record;
    const packs = await this.packsAt(info.region);
    return packs.ok ? reasonOf(record.value, info, packs.value) : packs;
  }

  #describe(holder: Holder): Outcome<Person> {
    const person = describe(holder, this.#now());
    return person ? success(person) : failure('internal.error');
  }

  /** The clock and the trust list are what a new code is judged by. */
  async #ensureTrust(): Promise<Outcome<unknown>> {
    const { clock, trust, server } = this.#parts;
    if (!clock.state().confirmed) await clock.learn(server);
    if (trust.info && this.#now() < trust.info.expiresAt) return success(true);
    return trust.refresh(server, this.#now());
  }
}

export function callerOf({ key, info }: Holder): Caller {
  return { key, subject: info?.subject };
}
