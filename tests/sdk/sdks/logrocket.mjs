// LogRocket. What records comes from its server and is in no package: only what the package itself does can be seen.

import { WORDS } from '../pages.mjs';

export default {
  package: 'logrocket',
  source: (options) => `
import LogRocket from 'logrocket';
LogRocket.init('organisation/app', ${JSON.stringify(options)});
window.app = {
  event() { LogRocket.track('Opened'); },
  identify() { LogRocket.identify('${WORDS.user}', { plan: 'free' }); },
};
`,
  // The package asks for a script and sends nothing itself.
  seen: {},
};
