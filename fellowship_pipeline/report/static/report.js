// Draws every figure once for its width; before printing those of a narrow screen anew, for paper.
'use strict';
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const narrow = matchMedia('(max-width: 740px)');

  function draw(small) {
    for (const figure of document.querySelectorAll('[data-figure]')) {
      const target = figure.querySelector('.draw');
      if (!target) continue;
      const { data: traces, layout } = structuredClone(data.figures[figure.dataset.figure][small ? 1 : 0]);
      const width = small ? target.clientWidth : layout.width;
      Plotly.react(target, traces, { ...layout, template: data.template, width, autosize: false }, { ...data.config, responsive: false });
    }
    document.documentElement.dataset.ready = '1';
  }

  narrow.addEventListener('change', () => draw(narrow.matches));
  addEventListener('resize', () => { if (narrow.matches) draw(true); });
  addEventListener('beforeprint', () => { if (narrow.matches) draw(false); });
  addEventListener('afterprint', () => { if (narrow.matches) draw(true); });
  draw(narrow.matches);
})();
