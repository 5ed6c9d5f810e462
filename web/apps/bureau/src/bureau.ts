// SPDX-License-Identifier: Apache-2.0
import type { ColourId, Names, Outcome } from 'liangma';
import { authorized, posted, send } from '../../shared/json-api.js';

export const roles = ['checkpoint', 'reviewer', 'importer', 'admin'] as const;
export type Role = (typeof roles)[number];

/** Who has signed in, and until when (Unix seconds). */
export interface StaffSession {
  readonly session: string;
  readonly expiresAt: number;
  readonly id: string;
  readonly name: string;
  readonly roles: readonly Role[];
}

/** What an invitation is for. */
export interface Invitation {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly Role[];
  /** Base32, for an authenticator app. */
  readonly totpSecret: string;
}

/** A resident as the staff sees them. Times are Unix seconds everywhere. */
export interface Case {
  readonly case: string;
  readonly maskedName: string;
  readonly idTail: string;
  readonly region: string;
  readonly colour: ColourId;
  readonly since: number;
  readonly until?: number;
  readonly rule: string;
  readonly reasonClass: string;
  readonly openAppeal?: string;
}

export interface LogEntry {
  readonly sequence: number;
  readonly at: number;
  readonly event: string;
  readonly actor: { readonly role: string; readonly id?: string };
  readonly colour?: ColourId;
  readonly rule?: string;
  readonly reasonClass?: string;
  readonly evidence?: string;
  readonly until?: number;
  readonly subject?: string;
}

/** A part of a log, the newest record first. The first record that there is has the sequence number 0. */
export interface LogPage {
  readonly records: readonly LogEntry[];
}

/** A colour rule in words. */
export interface RuleWords {
  readonly rule: string;
  readonly description: Names;
}

/** The rules' words, and the names of the regions. */
export interface Words {
  readonly rules: readonly RuleWords[];
  readonly regions: Readonly<Record<string, Names>>;
}

export const factKinds = ['confirmed', 'suspected', 'contact', 'journey', 'border'] as const;
export type FactKind = (typeof factKinds)[number];
export const evidences = ['laboratory', 'doctor', 'tracing', 'travel-record', 'border-record'] as const;
export type Evidence = (typeof evidences)[number];

export interface Fact {
  readonly kind: FactKind;
  readonly at: number;
  readonly evidence: Evidence;
}

/** A change that a rule makes once a fact is known. */
export interface Choice {
  readonly kind: FactKind;
  readonly rule: string;
  readonly colour: ColourId;
  readonly until?: number;
}

export interface Appeal {
  readonly appeal: string;
  readonly case: string;
  readonly madeAt: number;
  readonly deadline: number;
  readonly colour: ColourId;
  readonly rule: string;
  readonly text: string;
  readonly declaration?: Readonly<Record<string, unknown>>;
}

export type ImportRow = Fact & { readonly idNumber: string };

export interface ImportResult {
  readonly batch: string;
  readonly kept: number;
  readonly matched: number;
  readonly coloured: number;
  /** People whose colour is still to be looked at. */
  readonly left: number;
}

export interface ColourCounts extends Readonly<Record<ColourId, number>> {
  readonly name: string;
}

export interface Counts {
  readonly byRegion: readonly ColourCounts[];
  readonly changesByDay: readonly ColourCounts[];
  readonly byOrganisation: readonly ColourCounts[];
  readonly openAppeals: number;
  readonly overdueAppeals: number;
}

export interface News {
  readonly id?: string;
  readonly kind: 'news' | 'link';
  readonly titles: Names;
  readonly texts?: Names;
  readonly url?: string;
  readonly publishedAt?: number;
}

export interface Member {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly password: boolean;
  readonly passkey: boolean;
  readonly invited: boolean;
  readonly disabled: boolean;
}

/** A passkey's answer to a challenge, each part base64url. */
export type PasskeyAnswer = Readonly<Record<'credential' | 'clientData' | 'authenticatorData' | 'signature', string>>;
export type NewPasskey = Readonly<Record<'clientData' | 'attestation', string>>;

const kBase = '/api/staff';

/** The way in: what can be asked before anybody has signed in. Each also gives http.rate-limited and net.*. */
export const entrance = {
  /** @error staff.invitation-refused */
  openInvitation: (code: string) => send<Invitation>(`${kBase}/invitations`, posted({ code })),
  /** @error staff.invitation-refused, staff.password-weak, staff.totp-wrong */
  choosePassword: (code: string, password: string, totp: string) =>
    send<StaffSession>(`${kBase}/invitations/password`, posted({ code, password, totp })),
  /** @error staff.invitation-refused, staff.passkey-refused */
  choosePasskey: (code: string, passkey: NewPasskey) => send<StaffSession>(`${kBase}/invitations/passkey`, posted({ code, ...passkey })),
  challenge: () => send<{ challenge: string }>(`${kBase}/challenges`, posted({})),
  /** @error staff.login-refused, staff.wait */
  signInByPassword: (name: string, password: string, totp: string) =>
    send<StaffSession>(`${kBase}/sessions/password`, posted({ name, password, totp })),
  /** @error staff.passkey-refused */
  signInByPasskey: (answer: PasskeyAnswer) => send<StaffSession>(`${kBase}/sessions/passkey`, posted(answer)),
};

/** The authority's server, for somebody who has signed in. Each call also gives staff.session-ended, staff.not-allowed and net.*. */
export class Bureau {
  readonly #session: string;

  constructor(session: string) {
    this.#session = session;
  }

  signOut(): Promise<Outcome<unknown>> {
    return this.#post('/session/end', {});
  }

  /** @error staff.passkey-refused */
  addPasskey(passkey: NewPasskey): Promise<Outcome<unknown>> {
    return this.#post('/passkeys', passkey);
  }

  words(): Promise<Outcome<Words>> {
    return this.#get('/rules');
  }

  /** @param code  text of a live code @error case.unknown, and why a code is not to be trusted */
  findCase(code: string): Promise<Outcome<Case>> {
    return this.#post('/cases/find', { code });
  }

  /** @error case.unknown */
  case(id: string): Promise<Outcome<Case>> {
    return this.#get(`/cases/${id}`);
  }

  /** The newest first. @error case.unknown */
  log(id: string, before?: number): Promise<Outcome<LogPage>> {
    return this.#get(`/cases/${id}/log${pageQuery(before)}`);
  }

  /** Which changes the rules allow for a case. @error case.unknown */
  choices(id: string): Promise<Outcome<{ readonly choices: readonly Choice[] }>> {
    return this.#get(`/cases/${id}/choices`);
  }

  /** @error case.unknown */
  activate(id: string, found: { readonly idCompared: boolean; readonly temperatureNormal: boolean }): Promise<Outcome<Case>> {
    return this.#post(`/cases/${id}/activate`, found);
  }

  /** @error colour.no-rule, case.unknown */
  changeColour(id: string, colour: ColourId, rule: string, fact: Fact): Promise<Outcome<Case>> {
    return this.#post(`/cases/${id}/colour`, { colour, rule, fact });
  }

  appeals(): Promise<Outcome<{ readonly appeals: readonly Appeal[] }>> {
    return this.#get('/appeals');
  }

  /** @error appeal.unknown, appeal.decided */
  decideAppeal(id: string, outcome: 'granted' | 'refused', reasonClass: string): Promise<Outcome<Case>> {
    return this.#post(`/appeals/${id}/decide`, { outcome, reasonClass });
  }

  /** @param batch  the same for every part of one list; sent again, nothing counts twice @param rows  1..100 */
  importRows(batch: string, rows: readonly ImportRow[]): Promise<Outcome<ImportResult>> {
    return this.#post('/imports', { batch, rows });
  }

  /** Goes on where it was; to be called until nobody is left. @error import.unknown */
  undoImport(batch: string): Promise<Outcome<ImportResult>> {
    return this.#post(`/imports/${batch}/undo`, {});
  }

  counts(): Promise<Outcome<Counts>> {
    return this.#get('/counts');
  }

  areasAtRisk(): Promise<Outcome<{ readonly regions: readonly string[] }>> {
    return this.#get('/areas-at-risk');
  }

  setAreasAtRisk(regions: readonly string[]): Promise<Outcome<unknown>> {
    return this.#post('/areas-at-risk', { regions });
  }

  news(): Promise<Outcome<{ readonly news: readonly News[] }>> {
    return send('/api/news', {});
  }

  publishNews(news: News): Promise<Outcome<{ readonly id: string }>> {
    return this.#post('/news', news);
  }

  /** @error news.unknown */
  withdrawNews(id: string): Promise<Outcome<unknown>> {
    return this.#post(`/news/${id}/withdraw`, {});
  }

  members(): Promise<Outcome<{ readonly members: readonly Member[] }>> {
    return this.#get('/members');
  }

  /** @error staff.name-bad, staff.name-taken */
  addMember(name: string, roles: readonly Role[]): Promise<Outcome<{ readonly code: string }>> {
    return this.#post('/members', { name, roles });
  }

  /** @error staff.unknown */
  resetMember(id: string): Promise<Outcome<{ readonly code: string }>> {
    return this.#post(`/members/${id}/reset`, {});
  }

  /** @error staff.unknown, staff.own-account */
  disableMember(id: string): Promise<Outcome<unknown>> {
    return this.#post(`/members/${id}/disable`, {});
  }

  /** What a member of staff did, the newest first. */
  memberLog(id: string, before?: number): Promise<Outcome<LogPage>> {
    return this.#get(`/members/${id}/log${pageQuery(before)}`);
  }

  #get<T>(path: string): Promise<Outcome<T>> {
    return send<T>(kBase + path, authorized(this.#session, {}));
  }

  #post<T>(path: string, body: object): Promise<Outcome<T>> {
    return send<T>(kBase + path, authorized(this.#session, posted(body)));
  }
}

/** @param before  a record's sequence number: the page ends there; absent: the newest page */
function pageQuery(before: number | undefined): string {
  return before === undefined ? '' : `?before=${before}`;
}
