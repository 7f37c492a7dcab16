// The browser, started again when it ends on its own.
//
// In: the port of the collector. Out: a browser that can reach nothing else. It leaves alone what is done in it.

import puppeteer from 'puppeteer-core';

/** A browser that is there when it is asked for. */
export class Browser {
  #port;
  #running;

  constructor(port) {
    this.#port = port;
  }

  /** The running one; visits that come together wait for the same start. */
  async get() {
    const browser = await this.#running?.catch(() => undefined);
    if (browser?.connected) return browser;
    // Another visit may have started one while this one waited.
    if (this.#running && (await this.#running.catch(() => undefined)) !== browser) return this.get();
    this.#running = this.#start();
    return this.#running;
  }

  #start() {
    return puppeteer.launch({
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-dev-shm-usage',
        // SDKs send nothing for a browser that says that it is driven.
        '--disable-blink-features=AutomationControlled',
        '--ignore-certificate-errors',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-features=HttpsUpgrades,OptimizationHints,MediaRouter',
        `--host-resolver-rules=MAP * 127.0.0.1:${this.#port}`,
        '--lang=fo-FO',
      ],
    });
  }

  async close() {
    await (await this.#running?.catch(() => undefined))?.close();
  }
}
