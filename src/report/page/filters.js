(() => {
  const form = document.getElementById('filters');
  if (!form) return;
  form.hidden = false;
  const all = [...document.querySelectorAll('[data-finding]')];
  const told = document.getElementById('shown');
  const words = told.dataset.words;
  const apply = () => {
    const data = new FormData(form);
    const text = String(data.get('text') || '').toLowerCase();
    let count = 0;
    for (const one of all) {
      const fits = ['vendor', 'class', 'severity'].every((key) => !data.get(key) || one.dataset[key] === data.get(key));
      one.hidden = !(fits && (!text || one.textContent.toLowerCase().includes(text)));
      count += one.hidden ? 0 : 1;
    }
    told.textContent = words.replace('{n}', String(count));
  };
  form.addEventListener('input', apply);
  form.addEventListener('submit', (event) => event.preventDefault());
  addEventListener('beforeprint', () => all.forEach((one) => { one.open = true; }));
  apply();
})();
