// Amplitude.

import { WORDS } from '../pages.mjs';
import { id, key, keyed, word } from '../witness.mjs';

const LEGACY = 'the older package amplitude-js';

export default {
  package: '@amplitude/analytics-browser',
  options: { flushIntervalMillis: 200 },
  source: (options) => `
import * as amplitude from '@amplitude/analytics-browser';
amplitude.init('0123456789abcdef0123456789abcdef', undefined, ${JSON.stringify(options)});
window.app = {
  event() { amplitude.track('Opened'); },
  identify() { amplitude.setUserId('${WORDS.user}'); amplitude.identify(new amplitude.Identify().set('plan', 'free')); },
  flush() { return amplitude.flush().promise; },
};
`,
  elsewhere: {
    'utm_* (legacy amplitude-js)': LEGACY,
    'gclid (legacy amplitude-js)': LEGACY,
    'fbclid (legacy amplitude-js)': LEGACY,
    'city, country, region, dma, ip_address, carrier, device_model, os, language (legacy amplitude-js, on there)': LEGACY,
    'referrer/utm/gclid/fbclid (legacy amplitude-js)': LEGACY,
    'session replay DOM': 'the package @amplitude/session-replay-browser',
  },
  seen: {
    "ip: '$remote' (server fills in the client IP, used for location)": keyed('ip', '$remote'),
    language: key('language'),
    "platform 'Web'": key('platform'),
    user_agent: key('user_agent'),
    'device_id, session_id (cookie AMP_<key>, 365 days)': id,
    'page view: [Amplitude] Page Location (full URL incl. query), Page URL, Page Path, Page Domain, Page Title': keyed('event_type', '[Amplitude] Page Viewed'),
    'page view: referrer, utm_* and click ids': ({ decoded }) =>
      (decoded.keys.get('events') ?? []).flat().some((event) => event.event_type === '[Amplitude] Page Viewed' && event.event_properties?.referrer),
    'page URL enrichment: Page Location/Path/Title, Previous Page Location on every event': ({ decoded }) =>
      (decoded.keys.get('events') ?? []).flat().some((event) => event.event_type === 'Opened' && event.event_properties?.['[Amplitude] Page Location']),
    'referrer, referring_domain, utm_*, gclid, fbclid, dclid, gbraid, wbraid, msclkid, ttclid, twclid, li_fat_id, rdt_cid, ko_click_id as user properties (initial_* first touch)': key('initial_utm_source', 'initial_referrer'),
    'form interactions: form id, name, destination': keyed('event_type', '[Amplitude] Form'),
    'element interactions: element text, id, class, href, aria-label, attributes, hierarchy': keyed('event_type', '[Amplitude] Element'),
    'file downloads: name and address of the file': keyed('event_type', '[Amplitude] File Downloaded'),
    'network request capture (5xx by default), headers/bodies only by captureRules': keyed('event_type', '[Amplitude] Network Request'),
  },
};
