// Segment. Its settings, which come from its server, name no destination but Segment itself.

import { WORDS } from '../pages.mjs';
import { id, key, keyed, word } from '../witness.mjs';

export default {
  package: '@segment/analytics-next',
  values: { highEntropyValuesClientHints: [['platformVersion', 'model']] },
  source: (options) => `
import { AnalyticsBrowser } from '@segment/analytics-next';
const analytics = AnalyticsBrowser.load({ writeKey: 'writekey' }, ${JSON.stringify(options)});
window.app = {
  view() { analytics.page(); },
  event() { analytics.track('Opened'); },
  identify() { analytics.identify('${WORDS.user}', { plan: 'free' }); },
};
`,
  serve: ({ pathname }) =>
    pathname.endsWith('/settings')
      ? { body: JSON.stringify({ integrations: { 'Segment.io': { apiKey: 'writekey', unbundledIntegrations: [], addBundledMetadata: true, maybeBundledConfigIds: {}, versionSettings: { version: '4.4.7', componentTypes: ['browser'] } } }, plan: { track: { __default: { enabled: true, integrations: {} } } }, edgeFunction: {}, middlewareSettings: {}, enabledMiddleware: {}, metrics: { sampleRate: 0 }, legacyVideoPluginsEnabled: false, remotePlugins: [] }) }
      : undefined,
  seen: {
    // The first call holds the event of the load itself, which no call of the app made.
    'page() on load': ({ requests }) => requests.filter(({ phase, url }) => phase !== 'again' && url.pathname === '/v1/p').length > 1,
    'context.page.url,path,search': keyed('page', WORDS.path),
    'context.page.title': keyed('page', WORDS.title),
    'context.page.referrer': keyed('page', WORDS.referringPath),
    'context.userAgent': key('userAgent'),
    'context.userAgentData (brands,mobile,platform)': key('userAgentData'),
    'context.userAgentData high entropy (architecture,model,platformVersion,...)': key('platformVersion'),
    'context.locale': key('locale'),
    'context.timezone': key('timezone'),
    'context.campaign from utm_*; context.referrer.id from btid/urid, kept one year in cookie s:context.referrer': key('campaign'),
    'anonymousId (ajs_anonymous_id)': id,
    "context.amp.id read from Google's _ga cookie when it starts with 'amp'": word(WORDS.ga),
    'userId and traits taken from page URL query ajs_uid / ajs_trait_*': keyed('userId', WORDS.queryUser),
  },
};
