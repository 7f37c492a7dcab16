// The app that loads an SDK, and the page that links to it.
//
// Everything that an SDK could take from a page is a word that occurs nowhere else, so that finding it in a request proves
// where it came from.

export const WORDS = {
  path: 'orderpathword',
  secondPath: 'laterpathword',
  query: 'queryword',
  hash: 'hashword',
  title: 'titleword',
  referringPath: 'linkfromword',
  search: 'searchword',
  campaign: 'campaignword',
  click: 'clickidword',
  text: 'plaintextword',
  button: 'buttontextword',
  label: 'arialabelword',
  elementId: 'elementidword',
  form: 'formidword',
  typed: 'typedword',
  password: 'passwordword',
  console: 'consoleword',
  requestBody: 'requestbodyword',
  requestHeader: 'requestheaderword',
  requestPath: 'requestpathword',
  queryUser: 'queryuserword',
  queryTrait: 'querytraitword',
  ga: 'gacookieword',
  fbp: '4815162342',
  fbc: 'fbccookieword',
  user: 'identifieduserword',
};

/** What tells the browser of a visitor. */
export const BROWSER = {
  userAgent: 'Mozilla/5.0 (Linux; Android 14; Pixel 8 Pro) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/127.0.6533.132 Mobile Safari/537.36',
  metadata: {
    platform: 'Android',
    platformVersion: '14.0.0',
    architecture: '',
    model: 'Pixel 8 Pro',
    mobile: true,
    brands: [{ brand: 'Chromium', version: '127' }],
    fullVersionList: [{ brand: 'Chromium', version: '127.0.6533.132' }],
  },
  timezone: 'Pacific/Chatham',
  language: 'fo-FO',
  width: 1211,
  height: 877,
};

export const APP_HOST = /^visit(\d+)\.app\.test$/;
export const REFERRING_HOST = /^www\.bing\.com$/;

export const appAddress = (id, again) =>
  `https://visit${id}.app.test/orders/${WORDS.path}?invite=${WORDS.query}&utm_source=${WORDS.campaign}&gclid=${WORDS.click}` +
  `${again ? '' : `&ajs_uid=${WORDS.queryUser}&ajs_trait_plan=${WORDS.queryTrait}`}#${WORDS.hash}`;
export const referringAddress = (id, again) => `https://www.bing.com/search?q=${WORDS.search}&visit=${id}&again=${again ? 1 : ''}&from=${WORDS.referringPath}`;

const referring = (id, again) => `<!doctype html><meta name="referrer" content="unsafe-url"><title>results</title>
<a id="go" href="${appAddress(id, again).replaceAll('&', '&amp;')}">result</a>`;

const app = `<!doctype html><meta charset="utf-8"><title>${WORDS.title}</title><link rel="icon" href="data:,">
<h1>${WORDS.text}</h1>
<button id="${WORDS.elementId}" aria-label="${WORDS.label}" data-secret="${WORDS.label}">${WORDS.button}</button>
<a id="file" href="/files/report.pdf" download>report</a>
<form id="${WORDS.form}" onsubmit="return false"><input id="typed" name="comment"><input id="pass" type="password" name="pass">
<button id="submit" type="submit">send</button></form>
<script src="/bundle.js"></script>`;

/** What a host of the app, or the page that links to it, answers. */
export function pages(host, url, visit) {
  if (REFERRING_HOST.test(host)) return { body: referring(url.searchParams.get('visit'), url.searchParams.get('again')) };
  if (url.pathname === '/bundle.js') return { type: 'text/javascript', body: visit.bundle };
  if (url.pathname.startsWith('/api/')) return { status: 500, type: 'application/json', body: '{"failed":true}' };
  if (url.pathname.startsWith('/files/')) return { type: 'application/pdf', body: '%PDF' };
  return { body: app };
}
