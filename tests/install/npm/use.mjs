// SPDX-License-Identifier: Apache-2.0
// A project that has installed the package and uses it as ES modules.
import { Gate, loadGate, loadWallet, Wallet } from 'liangma';
import { messages } from 'liangma/messages';
import { nodeHost } from 'liangma/node';

const host = nodeHost({ fetch: () => Promise.reject(new Error('offline')) });
const wallet = await Wallet.open({ host, module: await loadWallet(host), server: 'https://code.example' });
const gate = await Gate.open({ host, module: await loadGate(host), server: 'https://code.example' });
const { t } = await messages('en');
const verdict = gate.check('LM1:NOT A CODE');
console.log(
  JSON.stringify({ state: wallet.state, reason: verdict.reason, said: t(verdict.reason) !== verdict.reason }),
);
