// What is tried with an SDK: its defaults, and every switch that its rule names.
//
// In: a vendor's rule. Out: init options, one set for each value of each switch. It leaves alone what comes of them.

const set = (path, value) => path.split('.').reverse().reduce((inner, key) => ({ [key]: inner }), value);

/** Values of the switch of one entry that ought to change what is collected. */
function values(auto, rule) {
  // All entries of a list are tried at once: each has a witness of its own.
  if (auto.off_when_listed) return [rule.auto.filter((other) => other.option === auto.option && other.off_when_listed).map((other) => other.off_when_listed)];
  const named = [...(auto.off ?? []), ...(auto.on ?? [])];
  return named.length > 0 ? named : [auto.default ? false : true];
}

/** Scenarios by name; switches of the rule first, then those that the SDK's own file adds. */
export function scenarios(rule, sdk) {
  const found = new Map([['defaults', {}]]);
  for (const auto of rule.auto ?? []) {
    if (!auto.option || auto.by === 'server' || auto.by === 'script' || auto.packages || sdk.elsewhere?.[auto.property]) continue;
    for (const value of sdk.values?.[auto.option] ?? values(auto, rule)) {
      found.set(`${auto.option}: ${JSON.stringify(value)}`, { ...sdk.with?.[auto.option], ...set(auto.option, value) });
    }
    for (const [other, stops] of Object.entries(auto.unless ?? {})) {
      for (const value of stops) found.set(`${other}: ${JSON.stringify(value)}`, set(other, value));
    }
  }
  for (const options of sdk.more ?? []) found.set(JSON.stringify(options), options);
  return [...found].map(([name, options]) => ({ name, options }));
}
