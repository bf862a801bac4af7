// What a page of the site does beside being read. It works from file:// and asks nothing of the network.
(() => {
  const root = document.documentElement;
  const stored = (name, value) => {
    try {
      if (value !== undefined) localStorage.setItem(name, value);
      return localStorage.getItem(name);
    } catch {
      return null;
    }
  };
  const isDark = () => (root.dataset.theme ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')) === 'dark';
  const chosen = stored('layerwise-theme');
  if (chosen) root.dataset.theme = chosen;
  const theme = document.querySelector('[data-action="theme"]');
  const named = () => theme?.setAttribute('aria-pressed', String(isDark()));
  named();
  theme?.addEventListener('click', () => {
    root.dataset.theme = isDark() ? 'light' : 'dark';
    stored('layerwise-theme', root.dataset.theme);
    named();
  });

  for (const source of document.querySelectorAll('.source')) {
    const button = Object.assign(document.createElement('button'), { type: 'button', className: 'copy', textContent: 'Copy' });
    button.setAttribute('aria-label', 'Copy this code');
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(source.querySelector('pre').textContent.trimEnd());
      button.textContent = 'Copied';
      setTimeout(() => (button.textContent = 'Copy'), 1500);
    });
    source.append(button);
  }

  const scripts = new Map();
  const script = (src) => {
    if (!scripts.has(src)) {
      scripts.set(src, new Promise((resolve, reject) => {
        const element = Object.assign(document.createElement('script'), { src, onload: resolve, onerror: () => reject(new Error(`${src} is missing`)) });
        document.head.append(element);
      }));
    }
    return scripts.get(src);
  };

  // The network on the front page comes when somebody presses.
  const spiral = document.querySelector('.spiral form');
  if (spiral) {
    spiral.hidden = false;
    const begin = (event) => {
      event.preventDefault();
      spiral.removeEventListener('submit', begin);
      spiral.removeEventListener('change', begin);
      script('assets/spiral.js');
    };
    spiral.addEventListener('submit', begin);
    spiral.addEventListener('change', begin);
  }

  // Where the reader was last stays in this browser.
  const article = document.querySelector('main article');
  const title = document.querySelector('h1')?.textContent;
  const note = () => {
    const passed = [...article.querySelectorAll('h2[id]')].filter((heading) => heading.getBoundingClientRect().top < innerHeight / 2).at(-1);
    stored('layerwise-place', JSON.stringify({ page: location.pathname.split('/').at(-1), title, id: passed?.id, heading: passed?.textContent.replace(/#$/, '') }));
  };
  if (article && !('exercises' in article.dataset)) addEventListener('pagehide', note);
  const last = document.querySelector('.begin .last');
  if (last) {
    try {
      const { page, title: chapter, id, heading } = JSON.parse(stored('layerwise-place') ?? '{}');
      if (document.querySelector(`.chapters a[href="${CSS.escape(page)}"]`)) {
        Object.assign(last, { hidden: false, href: id ? `${page}#${id}` : page, textContent: `Go on where you were: ${heading ? `${chapter}, “${heading}”` : chapter}` });
      }
    } catch {
      // Another page wrote there.
    }
  }

  // A figure becomes interactive when it comes into view; until then, and without scripts, its picture is there.
  const figures = new Map();
  window.layerwiseFigure = (hash, figure) => figures.set(hash, figure);
  // On a phone a title would be cut (the caption repeats it), and a legend beside the plot would take half its width.
  const forNarrow = (layout) => ({
    ...layout,
    title: undefined,
    margin: { ...layout.margin, t: layout.legend?.yanchor === 'bottom' ? 60 : 20, r: 10 },
    legend: layout.legend?.x === undefined ? { ...layout.legend, orientation: 'h', x: 0, y: -0.25, yanchor: 'top' } : layout.legend,
  });
  const draw = async (place) => {
    const hash = place.dataset.figure;
    try {
      await Promise.all([script('assets/plotly.min.js'), script(`assets/figures/${hash}.js`)]);
    } catch {
      return;
    }
    await drawFigure(place, figures.get(hash));
  };
  const fitting = (drawing, layout) => (drawing.clientWidth < 480 ? forNarrow(layout) : layout);
  const drawFigure = async (place, { data, layout, config, frames }) => {
    const target = place.querySelector('.plot-place');
    const drawing = document.createElement('div');
    drawing.setAttribute('role', 'group');
    drawing.setAttribute('aria-label', layout.meta?.alt ?? '');
    drawing.style.minHeight = `${layout.height ?? 420}px`;
    // Buttons and sliders need room: on a phone such a figure scrolls in its box.
    if (frames) drawing.style.minWidth = '44rem';
    target.replaceChildren(drawing);
    await Plotly.newPlot(drawing, data, fitting(drawing, layout), { responsive: true, displaylogo: false, ...config });
    if (frames) await Plotly.addFrames(drawing, frames);
    place.dataset.drawn = '';
  };
  // For cells that run in the page; `isAgain`: what is drawn there changes.
  window.layerwiseDraw = async (place, figure, isAgain) => {
    await script('assets/plotly.min.js');
    const caption = place.querySelector('figcaption .figure-title');
    const said = figure.layout.title?.text;
    if (caption && said) caption.textContent = said.replace(/<[^>]*>/g, '');
    const drawing = isAgain && place.querySelector('.plot-place > .js-plotly-plot');
    if (!drawing) return drawFigure(place, figure);
    drawing.setAttribute('aria-label', figure.layout.meta?.alt ?? '');
    await Plotly.react(drawing, figure.data, fitting(drawing, figure.layout), { responsive: true, displaylogo: false, ...figure.config });
  };
  // What is drawn in an element that goes: it listens for the window's size, and would stay in memory.
  window.layerwiseForget = (place) => place.querySelectorAll('.js-plotly-plot').forEach((drawing) => Plotly.purge(drawing));
  const watcher = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      watcher.unobserve(target);
      draw(target);
    }
  });
  const watch = () => document.querySelectorAll('figure.plot').forEach((figure) => watcher.observe(figure));
  if (document.readyState === 'complete') watch();
  else addEventListener('load', watch);
  addEventListener('beforeprint', () => document.querySelectorAll('details').forEach((details) => (details.open = true)));

  const dialog = document.querySelector('dialog.search');
  const input = dialog?.querySelector('input');
  const results = dialog?.querySelector('.results');
  const status = dialog?.querySelector('[role="status"]');
  let index;
  const openSearch = async () => {
    dialog.showModal();
    input.focus();
    await Promise.all([script('assets/minisearch.js'), script('assets/search-index.js')]);
    index ??= MiniSearch.loadJS(window.layerwiseIndex, window.layerwiseIndexOptions);
    find();
  };
  const find = () => {
    if (!index) return;
    const words = input.value.trim();
    const found = words ? index.search(words, { prefix: true, fuzzy: (term) => (term.length > 4 ? 0.2 : false), boost: { heading: 3, chapter: 2 } }).slice(0, 20) : [];
    results.replaceChildren(...found.map(({ id, chapter, heading, text, terms }) => {
      const item = document.createElement('li');
      const link = Object.assign(document.createElement('a'), { href: id, textContent: heading && heading !== chapter ? `${chapter} · ${heading}` : chapter });
      link.addEventListener('click', () => dialog.close());
      const place = Math.max(0, text.toLowerCase().search(new RegExp(terms.map((term) => term.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'))));
      const words = document.createElement('p');
      words.textContent = `${place > 60 ? '… ' : ''}${text.slice(Math.max(0, place - 60), place + 140)} …`;
      item.append(link, words);
      return item;
    }));
    status.textContent = words ? `${found.length} ${found.length === 1 ? 'place' : 'places'} found` : '';
  };
  input?.addEventListener('input', find);
  document.querySelector('[data-action="search"]')?.addEventListener('click', openSearch);
  dialog?.querySelector('[data-action="close"]').addEventListener('click', () => dialog.close());
  addEventListener('keydown', (event) => {
    if (event.key !== '/' || dialog?.open || /^(?:input|textarea|select)$/i.test(document.activeElement?.tagName ?? '')) return;
    event.preventDefault();
    openSearch();
  });
})();
