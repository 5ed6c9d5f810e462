// SPDX-License-Identifier: Apache-2.0
// The steps of a wallet, one by one, so that a test can bend each.

/** A proof for a fresh challenge. */
export async function prove(server, resident, key, changes = {}) {
  const challenge = (await server.post('/api/enrol/challenge', {})).body;
  const fields = { key, audience: challenge.issuer, nonce: challenge.nonce, ...changes };
  return (await resident.do('proof', fields)).proof;
}

export async function tickets(server) {
  return (await server.call('/api/demo/tickets')).body;
}

/** Enrols with a ticket; a new key unless one is given. */
export async function enrol(server, resident, ticket, key) {
  const own = key ?? (await resident.do('newKey')).key;
  const reply = await server.post('/api/enrol', { ticket, proof: await prove(server, resident, own) });
  return { key: own, reply, credential: reply.body.credential };
}

/** Somebody of a colour, enrolled. */
export async function enrolColour(server, resident, colour) {
  const { ticket } = (await tickets(server)).find((entry) => entry.colour === colour);
  return enrol(server, resident, ticket);
}

/** A request as the desk of a hospital makes it. */
export async function askAtDesk(server, { department = 'surgery', clinic = 'hz-first', base = '/api/clinic' } = {}) {
  const headers = await server.desk(clinic, base);
  const made = await server.post(`${base}/requests`, { department }, headers);
  const state = async () => (await server.call(`${base}/requests/${made.body.id}`, { headers })).body;
  return { ...made.body, headers, state };
}

export function postAnswer(server, text, base = '/api/clinic') {
  return server.post(`${base}/answers`, text, { 'Content-Type': 'text/plain' });
}

/** Answers a request as somebody enrolled. */
export async function answer(server, resident, person, request, changes = {}) {
  const { key, credential } = person;
  return resident.do('answer', { ...(await server.trust()), key, credential, request: request.request, ...changes });
}

/** What a phone states, for a fresh challenge. */
export async function state(server, resident, key, kind, content, changes = {}) {
  const challenge = (await server.post('/api/enrol/challenge', {})).body;
  const fields = { key, kind, content: typeof content === 'string' ? content : JSON.stringify(content), audience: challenge.issuer, nonce: challenge.nonce, ...changes };
  return (await resident.do('statement', fields)).statement;
}

/** Sends a statement to one of the resident's calls. */
export async function send(server, resident, key, path, kind, content, { headers, ...body } = {}) {
  return server.post(path, { statement: await state(server, resident, key, kind, content), ...body }, headers);
}
