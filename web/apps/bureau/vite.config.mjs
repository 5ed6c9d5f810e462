// SPDX-License-Identifier: Apache-2.0
import { appConfig } from '../shared/vite-config.mjs';

export default appConfig(import.meta.url, 'bureau', { worksOffline: false });
