// What is in a request, decoded.
//
// In: a recorded request. Out: every key with its value, and one text of all strings. Bodies may be JSON, lines of JSON
// (envelopes), forms, gzip or zlib, base64, and any of these inside a string of another.

import { gunzipSync, inflateSync } from 'node:zlib';

const DEPTH = 8;

function inflated(bytes) {
  try {
    if (bytes[0] === 0x1f && bytes[1] === 0x8b) return gunzipSync(bytes);
    if (bytes[0] === 0x78) return inflateSync(bytes);
  } catch {
    // It only looked so.
  }
  return undefined;
}

function json(text) {
  if (!/^\s*[[{"]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Lines of JSON with parts of raw bytes between them. */
function lines(bytes) {
  const found = [];
  let from = 0;
  while (from < bytes.length) {
    const packed = bytes[from] === 0x78 || bytes[from] === 0x1f ? inflated(bytes.subarray(from)) : undefined;
    if (packed) return [...found, packed];
    const end = bytes.indexOf(10, from);
    found.push(bytes.subarray(from, end < 0 ? bytes.length : end));
    from = end < 0 ? bytes.length : end + 1;
  }
  return found;
}

/** Collects keys and strings. */
export class Decoded {
  keys = new Map();
  strings = [];

  add(value, depth = 0) {
    if (depth > DEPTH || value === null || value === undefined) return;
    if (Buffer.isBuffer(value)) return this.bytes(value, depth);
    if (typeof value === 'string') return this.text(value, depth);
    if (Array.isArray(value)) return value.forEach((item) => this.add(item, depth));
    if (typeof value === 'object') {
      for (const [key, item] of Object.entries(value)) {
        if (item !== null && item !== undefined && item !== '') {
          this.keys.set(key, [...(this.keys.get(key) ?? []), item]);
        }
        this.strings.push(key);
        this.add(item, depth);
      }
      return;
    }
    this.strings.push(String(value));
  }

  bytes(bytes, depth) {
    const packed = inflated(bytes);
    if (packed) return this.bytes(packed, depth + 1);
    const text = bytes.toString('utf8');
    const whole = json(text);
    if (whole !== undefined) return this.add(whole, depth + 1);
    const parts = lines(bytes);
    if (parts.length > 1) return parts.forEach((part) => this.add(part, depth + 1));
    if (/^[\w.$%[\]-]+=/.test(text)) return this.form(new URLSearchParams(text), depth);
    this.text(text, depth);
  }

  form(params, depth) {
    for (const [key, value] of params) this.add({ [key]: value }, depth + 1);
  }

  text(text, depth) {
    this.strings.push(text);
    const inner = json(text);
    if (inner !== undefined && typeof inner === 'object') return this.add(inner, depth + 1);
    if (text.charCodeAt(0) === 0x1f && text.charCodeAt(1) === 0x8b) {
      const packed = inflated(Buffer.from(text, 'latin1'));
      return packed && this.bytes(packed, depth + 1);
    }
    if (text.length > 20 && text.length % 4 === 0 && /^[\w+/-]+=*$/.test(text)) {
      const bytes = Buffer.from(text, 'base64');
      const packed = inflated(bytes);
      if (packed) return this.bytes(packed, depth + 1);
      const plain = json(bytes.toString('utf8'));
      if (plain !== undefined && typeof plain === 'object') return this.add(plain, depth + 1);
    }
    if (text.includes('%')) {
      try {
        this.strings.push(decodeURIComponent(text));
      } catch {
        // No encoded text.
      }
    }
  }

  request({ url, body }) {
    this.form(url.searchParams, 0);
    this.strings.push(decodeURIComponent(url.pathname));
    if (body.length > 0) this.bytes(body, 0);
    return this;
  }

  has(text) {
    return this.strings.some((string) => string.includes(text));
  }
}
