// How it shows that something was sent: a key with a value, a word of the page, an id that came again.

/** Any of these keys came with a value. */
export const key = (...names) => ({ decoded }) => names.some((name) => decoded.keys.has(name));
/** A key came with a value that holds a word. */
export const keyed = (name, ...words) => ({ decoded }) =>
  (decoded.keys.get(name) ?? []).some((value) => words.some((word) => JSON.stringify(value).includes(word)));
/** Any of these words came. */
export const word = (...words) => ({ decoded }) => words.some((text) => decoded.has(text));
/** Something that tells the device again came. */
export const id = ({ ids }) => ids.length > 0;
/** All of these hold. */
export const all = (...witnesses) => (visit) => witnesses.every((witness) => witness(visit));
/** A request for this address was made. */
export const asked = (pattern) => ({ requests }) => requests.some(({ url }) => pattern.test(url.href));
/** Whether an object under one key holds another. */
export const inside = (decoded, outer, inner) => (decoded.keys.get(outer) ?? []).some((value) => value?.[inner] !== undefined);
