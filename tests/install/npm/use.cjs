// SPDX-License-Identifier: Apache-2.0
// A project that has installed the package and requires it.
const { Gate, loadGate, loadWallet, Wallet } = require('liangma');
const { messages } = require('liangma/messages');
const { nodeHost } = require('liangma/node');

async function main() {
  const host = nodeHost({ fetch: () => Promise.reject(new Error('offline')) });
  const wallet = await Wallet.open({ host, module: await loadWallet(host), server: 'https://code.example' });
  const gate = await Gate.open({ host, module: await loadGate(host), server: 'https://code.example' });
  const { t } = await messages('en');
  const verdict = gate.check('LM1:NOT A CODE');
  console.log(
    JSON.stringify({
      state: wallet.state,
      reason: verdict.reason,
      said: t(verdict.reason) !== verdict.reason,
    }),
  );
}

main();
