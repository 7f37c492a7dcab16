// Sentry.

import { WORDS } from '../pages.mjs';
import { id, key, keyed, word } from '../witness.mjs';

const DSN = 'https://0123456789abcdef@o1.ingest.sentry.io/1';

const REPLAY = 'Sentry.replayIntegration({ minReplayDuration: 0, flushMinDelay: 200, flushMaxDelay: 400 })';

export default {
  package: '@sentry/browser',
  afterInteraction: 1500,
  source: ({ withoutReplay, ...options }) => `
import * as Sentry from '@sentry/browser';
Sentry.init(${JSON.stringify({ dsn: DSN, ...options }).replace(/}$/, "")}, integrations: [${withoutReplay ? '' : REPLAY}] });
window.app = {
  event() { Sentry.captureException(new Error('opened')); },
  identify() { Sentry.setUser({ id: '${WORDS.user}' }); Sentry.captureMessage('identified'); },
  flush() { Sentry.captureMessage('later'); return Sentry.flush(500); },
};
`,
  values: { replaysOnErrorSampleRate: [1], replaysSessionSampleRate: [1] },
  // The rates do nothing without the integration.
  more: [{ replaysSessionSampleRate: 1, replaysOnErrorSampleRate: 1, withoutReplay: true }],
  elsewhere: {
    'contexts.trpc.input: what a procedure is called with': 'a middleware of the server packages',
    'local variables in stack frames': 'the server packages',
    'session replay: texts of the page': 'an option of the replay, which is seen as a whole',
    'session replay: what is typed, other than passwords': 'an option of the replay, which is seen as a whole',
    'request.url: the query': 'versions before 11',
    'feedback widget pre-fills email and name from scope user.email/user.username': 'the feedback integration, which the app must add',
    'feedback widget pre-fills the name from the scope’s user': 'the feedback integration, which the app must add',
  },
  seen: {
    'session replay of sessions with an error': keyed('replay_type', 'buffer'),
    'session replay of a share of all sessions': keyed('replay_type', 'session'),
    'replay id, kept in sessionStorage': id,
    'address of the page in replays': keyed('href', WORDS.path),
    'request.url and breadcrumb addresses: path and fragment': keyed('url', WORDS.path),
    'request.url: the query, with the values of keys that look sensitive filtered': keyed('url', WORDS.query),
    'request.headers User-Agent': key('User-Agent'),
    'request.headers Referer': key('Referer'),
    'contexts.culture locale/timezone/calendar': key('culture'),
    'console.* arguments as breadcrumbs': word(WORDS.console),
    'breadcrumbs of clicks and key presses: the selector with id, classes, name, aria-label': keyed('message', WORDS.label),
    'breadcrumbs: fetch and XHR addresses, history from and to': word(WORDS.requestPath),
  },
};
