// Mixpanel.

import { WORDS } from '../pages.mjs';
import { all, asked, id, inside, key, keyed, word } from '../witness.mjs';

const onEvent = (name) => ({ decoded }) => inside(decoded, 'properties', name);

export default {
  package: 'mixpanel-browser',
  options: { batch_flush_interval_ms: 200, record_min_ms: 0 },
  more: [{ track_marketing: false, stop_utm_persistence: true }],
  values: { record_sessions_percent: [100] },
  source: (options) => `
import mixpanel from 'mixpanel-browser';
mixpanel.init('0123456789abcdef0123456789abcdef', ${JSON.stringify(options)});
window.app = {
  event() { mixpanel.track('Opened'); },
  identify() { mixpanel.identify('${WORDS.user}'); mixpanel.people.set({ plan: 'free' }); },
  leave() { return mixpanel.stop_session_recording(); },
};
`,
  elsewhere: {
    'session replay: texts of the page': 'an option of the replay, which is seen as a whole',
    'requests in the replay: addresses and what came of them; headers and bodies by record_network_options': 'an option of the replay, which is seen as a whole',
    'session replay: what is typed, other than passwords': 'an option of the replay, which is seen as a whole',
  },
  seen: {
    'page views ($mp_web_page_view): current_url_protocol, current_domain, current_url_path, current_url_search, current_page_title': keyed('event', '$mp_web_page_view'),
    '$current_url': key('$current_url'),
    '$referrer': key('$referrer'),
    '$referring_domain': key('$referring_domain'),
    '$initial_referrer,$initial_referring_domain': key('$initial_referrer'),
    '$os': onEvent('$os'),
    '$browser': onEvent('$browser'),
    '$browser_version': onEvent('$browser_version'),
    '$device': key('$device'),
    '$screen_height': key('$screen_height'),
    '$screen_width': key('$screen_width'),
    'on the profile: $os, $browser, $browser_version': ({ decoded }) => inside(decoded, '$set', '$os'),
    'distinct_id ($device:<uuid>), $device_id': id,
    'on events: utm_* (10 keywords)': onEvent('utm_source'),
    'on events: click ids dclid,fbclid,gclid,ko_click_id,li_fat_id,msclkid,sccid,ttclid,twclid,wbraid': onEvent('gclid'),
    'on the profile: initial_utm_*, sent once with the first people call': key('initial_utm_source'),
    'mp_keyword search term and $search_engine from the referrer': key('mp_keyword'),
    'autocapture: element ids/classes, href, name, title, aria-label, click coordinates': all(keyed('event', '$mp_click'), word(WORDS.elementId)),
    'autocapture element text ($el_text)': key('$el_text'),
    'session replay of the page, but for what is masked': asked(/\/record\//),
    'console output in the replay': all(asked(/\/record\//), word(WORDS.console)),
  },
};
