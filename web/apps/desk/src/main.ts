// SPDX-License-Identifier: Apache-2.0
import { loadTexts } from 'liangma-elements';
import { preferences } from '../../shared/preferences.js';
import { DeskApp } from './desk-app.js';

preferences.apply();
void loadTexts(preferences.locale).finally(() => customElements.define('desk-app', DeskApp));
