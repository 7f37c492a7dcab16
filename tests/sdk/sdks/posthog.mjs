// PostHog. What its servers would answer is answered here: remote configuration that allows what the options allow.

import { readFileSync } from 'node:fs';

import { WORDS } from '../pages.mjs';
import { id, inside, key, keyed, word } from '../witness.mjs';

const remote = {
  supportedCompression: ['gzip-js'],
  autocapture_opt_out: false,
  capturePerformance: false,
  sessionRecording: { endpoint: '/s/', recorderVersion: 'v2', sampleRate: null, minimumDurationMilliseconds: 0 },
  surveys: false,
  flags: {},
  featureFlags: {},
  hasFeatureFlags: false,
};

const onEvent = (name) => ({ decoded }) => inside(decoded, 'properties', name);

export default {
  package: 'posthog-js',
  settle: 1500,
  afterInteraction: 3500,
  options: { request_queue_config: { flush_interval_ms: 250 } },
  source: (options) => `
import posthog from 'posthog-js';
posthog.init('phc_0123456789abcdef', ${JSON.stringify(options)});
window.app = {
  event() { posthog.capture('Opened'); },
  identify() { posthog.identify('${WORDS.user}', { plan: 'free' }); },
};
`,
  serve: ({ pathname }) => {
    const script = pathname.match(/^\/static\/(?:[\d.]+\/)?([\w-]+\.js)$/);
    if (script) {
      try {
        return { type: 'text/javascript', body: readFileSync(new URL(`../node_modules/posthog-js/dist/${script[1]}`, import.meta.url)) };
      } catch {
        return undefined;
      }
    }
    if (pathname.endsWith('/config.js')) return { type: 'text/javascript', body: '' };
    if (pathname.endsWith('/config') || pathname.startsWith('/flags') || pathname.startsWith('/decide')) return { body: JSON.stringify(remote) };
    return { body: '{"status":1}' };
  },
  elsewhere: {
    '$ip (x-forwarded-for or socket address), $user_agent, $current_url in Express/Nest/fetch middleware': 'the server package',
    'GeoIP lookup on server events': 'the server package',
    'console output in the replay': 'a setting of the project, unless the option is set: the recorder is fetched from the server',
    'session replay: texts of the page': 'a part of the replay, which is seen as a whole',
    'session replay: what is typed, other than passwords': 'a part of the replay, which is seen as a whole',
  },
  seen: {
    '$pageview with the full address': keyed('event', '$pageview'),
    $current_url: onEvent('$current_url'),
    $pathname: onEvent('$pathname'),
    '$session_entry_url, $session_entry_pathname': key('$session_entry_url'),
    'on the person: $current_url, $pathname, $initial_current_url': key('$initial_current_url'),
    $session_entry_referrer: key('$session_entry_referrer'),
    '$referrer,$referring_domain': onEvent('$referrer'),
    'on the person: $initial_referrer, $initial_referring_domain': key('$initial_referrer'),
    '$raw_user_agent': key('$raw_user_agent'),
    '$browser, $browser_version': key('$browser'),
    '$os': key('$os'),
    '$device, $device_type': key('$device_type'),
    '$device_model via userAgentData high-entropy hint': key('$device_model'),
    $browser_language: key('$browser_language'),
    '$timezone,$timezone_offset': key('$timezone'),
    '$screen_*,$viewport_*': key('$screen_width'),
    '$device_id, distinct_id, $session_id, $window_id': id,
    'utm_* and click ids of the address (gclid, gbraid, wbraid, fbclid, msclkid and others), with the event': onEvent('utm_source'),
    '$session_entry_utm_* and $session_entry_* of click ids': key('$session_entry_utm_source'),
    'on the person: $initial_utm_* and $initial_* of click ids': key('$initial_utm_source'),
    "$fbp person property read from Meta's _fbp cookie": word(WORDS.fbp),
    "$fbc person property read from Meta's _fbc cookie and fbclid": word(WORDS.fbc),
    'ph_keyword (search term from referrer), $search_engine': key('ph_keyword', '$search_engine'),
    '$autocapture: element text, attributes, href, classes on click/change/submit': keyed('event', '$autocapture'),
    'session replay of the page, but for what is masked': key('$snapshot_data'),
  },
};
