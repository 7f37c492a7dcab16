// One visitor who comes twice.
//
// In: the bundle of an app with one SDK in it. Out: the requests that the SDK made, each with the phase in which it left:
// load, view, event, identify, interact (clicks, typing, console, a failing request), leave; then load again.

import { BROWSER, WORDS, referringAddress } from './pages.mjs';

async function disguise(page) {
  const session = await page.createCDPSession();
  await session.send('Emulation.setUserAgentOverride', {
    userAgent: BROWSER.userAgent,
    acceptLanguage: BROWSER.language,
    platform: 'Linux armv81',
    userAgentMetadata: BROWSER.metadata,
  });
  await session.send('Emulation.setTimezoneOverride', { timezoneId: BROWSER.timezone });
  await session.send('Emulation.setDeviceMetricsOverride', {
    width: BROWSER.width,
    height: BROWSER.height - 100,
    screenWidth: BROWSER.width,
    screenHeight: BROWSER.height,
    deviceScaleFactor: 1,
    mobile: false,
  });
}

async function cookies(context, id, more = {}) {
  const domain = `visit${id}.app.test`;
  const values = { _ga: `amp-${WORDS.ga}`, _fbp: `fb.1.1700000000000.${WORDS.fbp}`, _fbc: `fb.1.1700000000000.${WORDS.fbc}`, ...more };
  await context.setCookie(...Object.entries(values).map(([name, value]) => ({ name, value, domain, path: '/', secure: true })));
}

async function interact(page) {
  await page.click(`#${WORDS.elementId}`);
  await page.click('#file');
  await page.type('#typed', WORDS.typed);
  await page.type('#pass', WORDS.password);
  await page.click('#submit');
  await page.evaluate(async (words) => {
    console.log(words.console, { nested: words.console });
    const init = { method: 'POST', body: JSON.stringify({ words: words.requestBody }), headers: { 'x-word': words.requestHeader } };
    await fetch(`/api/${words.requestPath}`, init);
    history.pushState({}, '', `/${words.secondPath}`);
  }, WORDS);
  await page.click(`#${WORDS.elementId}`);
}

/** Visits the app with the SDK; the phases and requests are noted in the visit. */
export async function pay(browser, visit) {
  const { id, sdk, patience } = visit;
  const pause = (ms) => new Promise((done) => setTimeout(done, ms * patience));
  const context = await browser.createBrowserContext();
  try {
    await cookies(context, id, sdk.cookies?.(id));
    const page = await context.newPage();
    page.on('pageerror', (error) => visit.errors.push(error.message));
    await disguise(page);
    const come = async (phase) => {
      visit.phase = phase;
      await page.goto(referringAddress(id, phase === 'again'));
      await Promise.all([page.waitForNavigation({ waitUntil: 'load' }), page.click('#go')]);
      await page.waitForFunction(() => window.app, { timeout: 10_000 });
      await page.evaluate(() => window.app.ready?.());
      await pause(sdk.settle ?? 700);
    };
    const leave = async () => {
      await page.evaluate(() => (window.app.leave ?? window.app.flush)?.());
      await pause(300);
      await page.goto('about:blank');
      await pause(200);
    };
    await come('load');
    for (const phase of ['view', 'event', 'identify']) {
      visit.phase = phase;
      await page.evaluate((name) => window.app[name]?.(), phase);
      await pause(150);
      await page.evaluate(() => window.app.flush?.());
      await pause(150);
    }
    visit.phase = 'interact';
    await interact(page);
    await pause(sdk.afterInteraction ?? 600);
    visit.phase = 'leave';
    await leave();
    await come('again');
    await page.evaluate(() => window.app.event?.());
    await leave();
  } finally {
    await context.close().catch(() => {});
  }
}
