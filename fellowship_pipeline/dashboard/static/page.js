// Runs before Plotly, which stands behind it in the page: words and controls work first, drawing follows.
// Follows the reader's selection, language, color scheme and width. All text is set as text, never as markup.
'use strict';
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const narrow = matchMedia('(max-width: 640px)');
  let isPrinted = false;
  const isSlim = () => narrow.matches && !isPrinted;
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const preferred = navigator.languages.map(tag => tag.split('-')[0]).find(tag => data.languages.includes(tag)) || data.languages[0];
  const state = { slice: 'all:all', lang: preferred, section: '' };
  let texts = {};

  // State in the URL's fragment

  function read() {
    const fragment = location.hash.slice(1);
    const given = fragment.includes('=') ? new URLSearchParams(fragment) : new URLSearchParams({ section: decodeURIComponent(fragment) });
    state.slice = data.slices.includes(given.get('slice')) ? given.get('slice') : 'all:all';
    if (data.languages.includes(given.get('lang'))) state.lang = given.get('lang');
    state.section = given.get('section') || '';
  }

  // A selection is a step that the reader can take back; a language goes with every link.
  function write(step) {
    const kept = new URLSearchParams();
    if (state.section) kept.set('section', state.section);
    if (state.slice !== 'all:all') kept.set('slice', state.slice);
    if (data.languages.length > 1) kept.set('lang', state.lang);
    history[step ? 'pushState' : 'replaceState'](null, '', '#' + kept);
  }

  function visit(focus) {
    const section = state.section && document.getElementById(state.section);
    if (!section) return;
    section.scrollIntoView();
    if (focus) section.focus({ preventScroll: true });
  }

  // What a list by selection and language has for those chosen
  function here(list) {
    return list[data.slices.indexOf(state.slice)]?.[data.languages.indexOf(state.lang)];
  }

  // Words

  function said(message, count) {
    if (typeof message === 'string') return message;
    const form = new Intl.PluralRules(state.lang).select(count);
    return (message[form] || message.other).replace('{count}', new Intl.NumberFormat(state.lang).format(count));
  }

  function number(value, options) {
    return new Intl.NumberFormat(data.locales[state.lang], options).format(value);
  }

  function day(value, options) {
    return new Intl.DateTimeFormat(data.locales[state.lang], { timeZone: 'UTC', ...options }).format(new Date(value));
  }

  const written = {
    int: value => number(value, { maximumFractionDigits: 0 }),
    decimal: value => number(value, { maximumFractionDigits: 1 }),
    rate: value => number(value, { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 }),
    share: value => number(value, { style: 'percent' }),
    day: value => day(value, { dateStyle: 'medium' }),
    month: value => day(value, { year: 'numeric', month: 'short' }),
    text: value => value,
  };

  function cell(value, kind) {
    if (value === null || value === '') return data.script[state.lang].nothing;
    const fits = typeof value === 'number' || ['day', 'month', 'text'].includes(kind);
    return fits ? written[kind](value) : value;
  }

  function speak() {
    texts = { ...data.fixed[state.lang] };
    data.sliced.forEach((key, at) => { texts[key] = data.strings[here(data.texts)[at]]; });
    document.documentElement.lang = state.lang;
    document.title = texts['page.title'];
    for (const element of all('[data-t]')) {
      element.textContent = texts[element.dataset.t];
      element.hidden = !element.textContent;
    }
    for (const element of all('[data-state]')) {
      const name = texts[element.dataset.state];
      element.dataset.s = name;
      const shape = element.querySelector(':scope > .ic > use');
      if (shape) shape.setAttribute('href', '#i-' + name);
    }
    for (const element of all('[data-d]')) element.setAttribute('d', texts[element.dataset.d]);
    for (const element of all('[data-size]')) {
      const size = texts[element.dataset.size];
      element.style.setProperty('--v', size);
      element.hidden = !size;
    }
    for (const element of all('[data-option]')) element.textContent = texts['option.' + element.dataset.option];
    for (const element of all('[data-label]')) element.label = texts[element.dataset.label];
    age();
  }

  function age() {
    const today = new Intl.DateTimeFormat('en-CA', { timeZone: data.timezone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(new Date());
    const days = Math.round((Date.parse(today) - Date.parse(data.asOf)) / 864e5);
    const words = data.script[state.lang];
    const isFinal = data.staleAfter === null;
    const stale = !isFinal && days >= data.staleAfter;
    const element = document.getElementById('age');
    element.dataset.s = stale ? 'near' : 'met';
    element.querySelector('use').setAttribute('href', stale ? '#i-near' : '#i-met');
    element.lastElementChild.textContent = isFinal ? words.final : days < 1 ? words.today : said(stale ? words.stale : words.fresh, days);
    document.body.classList.toggle('stale', stale);
  }

  // Figures

  // A column; days are kept as the first one and the steps between them.
  function column(place) {
    const kept = data.columns[place];
    if (Array.isArray(kept)) return [...kept];
    let at = Date.parse(kept.from);
    return [kept.from, ...kept.steps.map(step => new Date(at += step * 864e5).toISOString().slice(0, 10))];
  }

  // Long lists are named by their place among the columns; lists of points and of like objects stand as their columns.
  function unpacked(node) {
    if (Array.isArray(node)) return node.map(unpacked);
    if (!node || typeof node !== 'object') return node;
    if ('$' in node) return column(node.$);
    if ('zip' in node) {
      const columns = node.zip.map(unpacked);
      return columns[0].map((_, at) => columns.map(column => column[at]));
    }
    if ('alike' in node) {
      const objects = [];
      for (const { at, same, each } of node.alike) {
        const columns = Object.entries(unpacked(each));
        unpacked(at).forEach((place, row) => {
          objects[place] = { ...unpacked(same), ...Object.fromEntries(columns.map(([key, values]) => [key, values[row]])) };
        });
      }
      return objects;
    }
    return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, unpacked(value)]));
  }

  function patched(figure, patches) {
    const copy = unpacked(figure);
    for (const place of patches) {
      for (const [path, ...value] of unpacked(data.patches[place])) {
        const steps = path.split('.');
        const last = steps.pop();
        const owner = steps.reduce((node, step) => node[step], copy);
        if (value.length) owner[last] = value[0];
        else delete owner[last];
      }
    }
    return copy;
  }

  function colored(node, style) {
    if (typeof node === 'string') return node.replace(/var\((--[\w-]+)\)/g, (_, name) => style.getPropertyValue(name).trim());
    if (Array.isArray(node)) return typeof node[0] === 'number' ? node : node.map(item => colored(item, style));
    if (node && typeof node === 'object') return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, colored(value, style)]));
    return node;
  }

  function shown(key) {
    const place = here(data.figures[key].slices);
    return place === undefined ? undefined : data.shown[place];
  }

  // Room for every figure at once, so that nothing moves when they are drawn; none where there is no drawing.
  function reserve(figure) {
    const view = shown(figure.dataset.figure);
    figure.hidden = !view;
    const target = figure.querySelector('.draw');
    const isDrawn = Boolean(view && view.plot);
    target.hidden = !isDrawn && !(view && view.heat !== undefined);
    if (isDrawn) {
      target.style.height = view.heights[isSlim() ? 1 : 0] + 'px';
      target.setAttribute('role', 'img');
      target.setAttribute('aria-labelledby', figure.id + '-t');
    } else if (!target.hidden) heat(target, data.heats[view.heat]);
  }

  // Two figures a row; one that takes a row for itself, or has nobody beside it, is as wide as both.
  function arrange(figures) {
    let alone = null;
    for (const figure of figures.filter(one => !one.hidden)) {
      const broad = 'broad' in figure.dataset;
      if (broad && alone) alone.classList.add('broad');
      figure.classList.toggle('broad', broad);
      alone = broad || alone ? null : figure;
    }
    if (alone) alone.classList.add('broad');
  }

  function draw(figure) {
    const key = figure.dataset.figure;
    const view = shown(key);
    if (!view || !view.plot) return;
    const target = figure.querySelector('.draw');
    const { data: traces, layout } = patched(data.figures[key].base, isSlim() ? view.plot : view.plot.slice(0, 2));
    const style = getComputedStyle(document.documentElement);
    Plotly.react(target, colored(traces, style), colored({ ...layout, width: target.clientWidth, template: data.template }, style), data.config);
  }

  function make(tag, properties = {}, ...children) {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  }

  function shade(value) {
    return typeof value === 'number' ? 'h' + data.shades.filter(step => value >= step).length : 'hx';
  }

  function heat(target, { months, rows }) {
    const words = data.heat[state.lang];
    const few = [0, 1, 2, 3, 6, 9, 12];
    const wide = since => few.includes(since) ? '' : 'x';
    const span = narrow.matches ? few.filter(since => since <= months).length : months + 1;
    const head = make('tr', {}, make('th', { scope: 'col', textContent: words.started }), make('th', { scope: 'col', className: 'n', textContent: words.n }));
    for (let since = 0; since <= months; since++) head.append(make('th', { scope: 'col', className: wide(since), textContent: since }));
    const body = rows.map(row => {
      if (row.rule) return make('tr', { className: 'rl' }, make('td', { colSpan: span + 2, textContent: row.rule }));
      const line = make('tr', {}, make('th', { scope: 'row', textContent: row.name }), make('td', { className: 'n', textContent: row.cells ? row.n : '' }));
      if (!row.cells) line.append(make('td', { colSpan: span, className: 'hx', textContent: row.n }));
      else row.cells.forEach((value, since) => line.append(make('td', value === null ? { className: wide(since) } : { className: shade(value) + ' ' + wide(since), textContent: value })));
      return line;
    });
    const labels = [words.under, '40–49', '50–59', '60–69', '70–84', '85+'];
    const legend = make('p', { className: 'legend', ariaHidden: 'true' }, ...labels.map((label, at) => make('span', { className: 'h' + at, textContent: label })));
    target.replaceChildren(
      make('div', { className: 'hw' }, make('table', { className: 'heat' }, make('caption', { className: 'vh', textContent: words.caption }), make('thead', {}, head), make('tbody', {}, ...body))),
      legend,
    );
  }

  // Tables and CSV

  function table(key) {
    const [heads, places, masks, label] = key === 'quality' ? data.quality[state.lang] : shown(key).table;
    const values = places.map(column);
    masks.forEach((mask, at) => data.masks[mask].forEach(row => { values[at][row] = label; }));
    const rows = values[0].map((_, at) => values.map(column => column[at]));
    return { columns: data.heads[heads], rows };
  }

  function fill(details) {
    const region = details.querySelector('.tw');
    const key = details.dataset.table;
    if (!details.open || (key !== 'quality' && !shown(key))) return region.replaceChildren();
    const { columns, rows } = table(key);
    const title = document.getElementById(`f-${key}-t`).textContent;
    region.setAttribute('aria-label', data.script[state.lang].table_of.replace('{title}', () => title));
    region.replaceChildren(make('table', { className: 'dt' },
      make('thead', {}, make('tr', {}, ...columns.map(([, head, kind]) => make('th', { scope: 'col', className: kind === 'text' ? 'tx' : '', textContent: head })))),
      make('tbody', {}, ...rows.map(row => make('tr', {}, ...row.map((value, at) => {
        const kind = columns[at][2];
        return make(at ? 'td' : 'th', { className: kind === 'text' ? 'tx' : '', textContent: cell(value, kind), ...(at ? {} : { scope: 'row' }) });
      })))),
    ));
  }

  function quoted(value) {
    let text = value === null ? '' : String(value);
    if (typeof value === 'string' && /^[=+\-@\t\r\n⁺⁼₊₌⩵⩶﬩﹢﹣﹦﹫＋－＝＠]/.test(text)) text = "'" + text;
    return /[",\r\n]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text;
  }

  function save(link) {
    const { columns, rows } = table(link.dataset.csv);
    const lines = [columns.map(([field]) => field), ...rows].map(row => row.map(quoted).join(','));
    if (link.href.startsWith('blob:')) URL.revokeObjectURL(link.href);
    link.href = URL.createObjectURL(new Blob(['\ufeff' + lines.join('\r\n') + '\r\n'], { type: 'text/csv;charset=utf-8' }));
    const part = state.slice === 'all:all' ? '' : '-' + state.slice.replace(/[^\p{L}\p{N}.-]+/gu, '_');
    link.download = `${link.dataset.csv}${part}-${data.asOf}.csv`;
  }

  // All of it

  let turn = 0;

  function apply() {
    speak();
    const select = document.getElementById('slice');
    select.value = state.slice;
    const radio = document.getElementById('lang-' + state.lang);
    if (radio) radio.checked = true;
    const figures = all('[data-figure]');
    figures.forEach(reserve);
    for (const list of all('.figures')) arrange(all('[data-figure]', list));
    all('details[data-table]').forEach(fill);
    save(document.querySelector('[data-csv=quality]'));
    redraw(figures);
  }

  // What is in sight first, one figure a task, so that the page answers in between.
  function redraw(figures = all('[data-figure]')) {
    const mine = ++turn;
    delete document.documentElement.dataset.ready;
    const distance = figure => Math.abs(figure.getBoundingClientRect().top - innerHeight / 3);
    const waiting = figures.filter(figure => !figure.hidden).sort((a, b) => distance(a) - distance(b));
    const next = () => {
      if (mine !== turn) return;
      if (!waiting.length) {
        document.documentElement.dataset.ready = '1';
        return;
      }
      const figure = waiting.shift();
      draw(figure);
      all('[data-csv]', figure).forEach(save);
      setTimeout(next);
    };
    if (document.readyState === 'loading') addEventListener('DOMContentLoaded', () => setTimeout(next));
    else setTimeout(next);
  }

  document.getElementById('slice').addEventListener('change', event => { state.slice = event.target.value; write(true); apply(); });
  for (const radio of all('input[name=lang]')) radio.addEventListener('change', () => { state.lang = radio.value; write(); apply(); });
  for (const link of all('a[href^="#"]:not([data-csv])')) link.addEventListener('click', event => {
    event.preventDefault();
    state.section = link.getAttribute('href').slice(1);
    write();
    visit(true);
  });
  for (const details of all('details[data-table]')) details.addEventListener('toggle', () => fill(details));
  addEventListener('hashchange', () => { read(); apply(); visit(false); });
  narrow.addEventListener('change', apply);
  dark.addEventListener('change', () => redraw());
  function print(printed) {
    isPrinted = printed;
    for (const name of ['print', 'sheets']) document.documentElement.classList.toggle(name, printed);
    all('[data-figure]').forEach(reserve);
  }

  addEventListener('beforeprint', () => {
    print(true);
    for (const figure of all('[data-figure]')) if (!figure.hidden) draw(figure);
  });
  addEventListener('afterprint', () => { print(false); redraw(); });

  read();
  apply();
  visit(false);
})();
