// Which data classes are in what was sent, known by the words of the page and the browser alone, not by any rule.

import { BROWSER, WORDS } from './pages.mjs';

const BY_WORD = {
  url: [WORDS.path, WORDS.secondPath, WORDS.query, WORDS.hash, WORDS.title],
  referrer: [WORDS.referringPath, WORDS.search, WORDS.campaign, WORDS.click],
  user_agent: ['Pixel 8 Pro', BROWSER.timezone, 'Android', BROWSER.language],
  content: [
    WORDS.text, WORDS.button, WORDS.label, WORDS.elementId, WORDS.form, WORDS.typed, WORDS.password, WORDS.console,
    WORDS.requestBody, WORDS.requestHeader,
  ],
  user_id: [WORDS.queryUser, WORDS.queryTrait],
};

// The whole address holds what belongs to the campaign and the query user; only outside an address do these count.
const isAddress = (text) => /^(https?:\/\/|\/|\?|[\w%]+=)/.test(text) && text.includes(WORDS.path) || text.includes('?invite=') || text.startsWith('invite=');

const TOKEN = /[\w$:.-]{16,}/g;

/** The ids in what was sent. */
export const tokens = (decoded) => new Set(decoded.strings.flatMap((text) => text.match(TOKEN) ?? []));

/** Classes with the words that show them. */
export function classesOf(decoded) {
  const found = new Map();
  for (const [id, words] of Object.entries(BY_WORD)) {
    const strings = id === 'referrer' || id === 'user_id' ? decoded.strings.filter((text) => !isAddress(text)) : decoded.strings;
    const seen = words.filter((word) => strings.some((text) => text.includes(word)));
    if (seen.length > 0) found.set(id, seen);
  }
  const sizes = [...decoded.keys.values()].flat();
  if (!found.has('user_agent') && sizes.some((size) => size === BROWSER.width || size === BROWSER.height)) {
    found.set('user_agent', ['screen']);
  }
  return found;
}

/** Ids that came with both visits and with nobody else's: what tells a device again. */
export function lasting(first, second, others) {
  return [...first].filter((token) => second.has(token) && !others.has(token) && /\d/.test(token) && !token.includes('app.test'));
}
