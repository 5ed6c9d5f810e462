// SPDX-License-Identifier: Apache-2.0
import { loadTexts } from 'liangma-elements';
import { registerServiceWorker } from '../../shared/offline.js';
import { preferences } from '../../shared/preferences.js';
import { GateApp } from './gate-app.js';

preferences.apply();
void loadTexts(preferences.locale).finally(() => customElements.define('gate-app', GateApp));
void registerServiceWorker();
