// SPDX-License-Identifier: Apache-2.0
import { loadTexts } from 'liangma-elements/texts';
import { preferences } from '../../shared/preferences.js';
import { HomeApp } from './home-app.js';

preferences.apply();
void loadTexts(preferences.locale).finally(() => customElements.define('home-app', HomeApp));
