// RudderStack. Its settings, which come from its server, name no destination. The bundled build loads no plugin from there.

import { WORDS } from '../pages.mjs';
import { id, key, keyed, word } from '../witness.mjs';

export default {
  package: '@rudderstack/analytics-js',
  settle: 1000,
  // What other tools leave behind, and what a switch needs beside it.
  cookies: (id) => ({ ajs_anonymous_id: `othertoolidword-000000${id}` }),
  with: { 'autoTrack.pageLifecycle.enabled': { useBeacon: true } },
  values: { 'anonymousIdOptions.autoCapture.enabled': [] },
  more: [{ anonymousIdOptions: { autoCapture: { enabled: true, source: 'segment' } } }],
  source: (options) => `
import { RudderAnalytics } from '@rudderstack/analytics-js/bundled';
const analytics = new RudderAnalytics();
analytics.load('writekey', 'https://data.rudderstack.test', ${JSON.stringify(options)});
window.app = {
  view() { analytics.page(); },
  event() { analytics.track('Opened'); },
  identify() { analytics.identify('${WORDS.user}', { plan: 'free' }); },
};
`,
  serve: ({ pathname }) =>
    pathname.startsWith('/sourceConfig')
      ? { body: JSON.stringify({ source: { id: 'source', name: 'web', writeKey: 'writekey', enabled: true, workspaceId: 'w', config: { statsCollection: { errors: { enabled: false }, metrics: { enabled: false } } }, destinations: [], dataplanes: {} }, updatedAt: '2026-01-01T00:00:00.000Z' }) }
      : undefined,
  seen: {
    userId: key('userId'),
    anonymousId: id,
    'page.path, page.url, page.tab_url (the whole address), page.search, page.title': keyed('page', WORDS.path),
    'page.referrer, page.referring_domain, page.initial_referrer, page.initial_referring_domain': keyed('page', WORDS.referringPath),
    'context.userAgent': key('userAgent'),
    'context.ua-ch (client hints)': key('ua-ch'),
    'context.locale': key('locale'),
    'context.timezone': key('timezone'),
    'context.os, context.screen {width,height,density,innerWidth,innerHeight}': key('innerWidth'),
    'context.campaign from utm_*': keyed('campaign', WORDS.campaign),
    "anonymousId captured from another tool's cookie": word('othertoolidword'),
    'userId/traits/track taken from page URL query ajs_uid, ajs_trait_*, ajs_prop_*, ajs_aid, ajs_event': keyed('userId', WORDS.queryUser),
    'page unload events with the time on the page': key('timeOnPage'),
  },
};
