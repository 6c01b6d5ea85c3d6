// Shows one of the page's languages, keeps it from page to page, and copies what is to be pasted elsewhere.
'use strict';
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const all = selector => [...document.querySelectorAll(selector)];
  const given = () => new URLSearchParams(location.hash.slice(1));

  function show(language) {
    document.documentElement.lang = language;
    document.title = data.titles[language];
    const radio = document.getElementById('lang-' + language);
    if (radio) radio.checked = true;
    for (const link of all('a[data-page]')) link.hash = language === data.languages[0] ? '' : 'lang=' + language;
  }

  function read() {
    const language = given().get('lang');
    if (data.languages.includes(language)) show(language);
  }

  for (const radio of all('input[name=lang]')) radio.addEventListener('change', () => {
    show(radio.value);
    history.replaceState(null, '', '#' + (radio.value === data.languages[0] ? '' : 'lang=' + radio.value));
  });

  for (const link of all('a[href^="#"]')) link.addEventListener('click', event => {
    event.preventDefault();
    const section = document.querySelector(link.getAttribute('href'));
    section.scrollIntoView();
    section.focus({ preventScroll: true });
  });

  for (const button of all('[data-copy]')) {
    button.hidden = false;
    button.addEventListener('click', async () => {
      const area = document.getElementById(button.dataset.copy);
      area.select();
      try {
        await navigator.clipboard.writeText(area.value);
      } catch {
        document.execCommand('copy'); // where the browser keeps the clipboard from files
      }
      const told = document.getElementById('told').firstElementChild.cloneNode(true);
      told.hidden = false;
      button.replaceChildren(...told.cloneNode(true).childNodes);
      document.getElementById('told').append(told);
    });
  }

  addEventListener('hashchange', read);
  read();
  document.documentElement.dataset.ready = '1';
})();
