// SPDX-License-Identifier: Apache-2.0
// Types as a project sees them: an outcome has to be looked at before its value is there.
import { browserHost, type Frame, loadWallet, type Outcome, Wallet, wxHost } from 'liangma';
import createFromJs from 'liangma/js/liangma.js';
import { messages } from 'liangma/messages';
import { nodeHost } from 'liangma/node';

export async function show(personId: string): Promise<number | string> {
  const host = browserHost();
  const wallet = await Wallet.open({ host, module: await loadWallet(host, { js: () => createFromJs }), server: '' });
  const frame: Outcome<Frame> = wallet.frame(personId);
  // @ts-expect-error the value is not there before ok was looked at
  frame.value;
  if (frame.ok) return frame.value.sizeModules;
  const { t } = await messages('zh-Hans');
  return t(frame.code);
}

// @ts-expect-error an answer takes claims by their names
export const wrong: Parameters<Wallet['answer']>[2] = ['shoeSize'];
export const hosts = [nodeHost, wxHost];
