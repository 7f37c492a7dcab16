// FullStory. What records comes from its server and is in no package: only what the package itself does can be seen.

import { WORDS } from '../pages.mjs';

export default {
  package: '@fullstory/browser',
  options: { orgId: 'ORG' },
  source: (options) => `
import { init, FullStory } from '@fullstory/browser';
init(${JSON.stringify(options)});
window.app = {
  event() { FullStory('trackEvent', { name: 'Opened', properties: {} }); },
  identify() { FullStory('setIdentity', { uid: '${WORDS.user}' }); },
};
`,
  // The package asks for a script and sends nothing itself.
  seen: {},
};
