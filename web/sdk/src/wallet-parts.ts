// SPDX-License-Identifier: Apache-2.0
import type { TrustedClock } from './clock.js';
import type { Host } from './host.js';
import type { Keyring } from './keyring.js';
import type { WalletModule } from './modules.js';
import type { Server } from './server.js';
import type { TrustKeeper } from './trust-keeper.js';

/** What an open wallet works with. */
export interface WalletParts {
  readonly host: Host;
  readonly module: WalletModule;
  readonly server: Server;
  readonly clock: TrustedClock;
  readonly trust: TrustKeeper;
  readonly keyring: Keyring;
}
