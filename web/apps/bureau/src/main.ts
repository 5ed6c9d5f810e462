// SPDX-License-Identifier: Apache-2.0
import { loadTexts } from 'liangma-elements';
import { preferences } from '../../shared/preferences.js';
import { BureauApp } from './bureau-app.js';

preferences.apply();
void loadTexts(preferences.locale).finally(() => customElements.define('bureau-app', BureauApp));
