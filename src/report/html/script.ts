/**
 * The script of the page: sorting, filtering, light and dark. The page is whole without it, and what it needs is hidden
 * until it runs. It is kept as text, since it is put into the page and runs in no other place.
 */
export const SCRIPT = `'use strict';
const $ = (selector, root = document) => [...root.querySelectorAll(selector)];
const [search, verdict, theme, count] = $('#filter, #verdict, #theme, #count');
// Sums are of all rows, whatever a reader looks for.
const bodies = $('table:not(.matrix, .sums table) tbody');
const sections = $('section, details').filter((section) => $('tbody tr', section).length > 0);
const { compare: compareTexts } = new Intl.Collator('en', { numeric: true });

// 64 B comes before 4 KiB.
function inBytes(text) {
  return text.replace(/([\\d.]+) ([KMGT]?)i?B\\b/g, (_, size, unit) => size * 1024 ** ' KMGT'.indexOf(unit || ' '));
}

function sortKey(row, column) {
  const cell = row.cells[column];
  const number = cell.querySelector('data');
  return number ? Number(number.value) : inBytes(cell.textContent.trim());
}

// Numbers before texts, and what is empty last, whatever the direction.
function compare(a, b, direction) {
  if (a === b) return 0;
  if (a === '' || b === '') return a === '' ? 1 : -1;
  if (typeof a !== typeof b) return typeof a === 'number' ? -1 : 1;
  return direction * (typeof a === 'number' ? a - b : compareTexts(a, b));
}

function sortBy(heading) {
  const ascending = heading.getAttribute('aria-sort') !== 'ascending';
  for (const other of heading.parentElement.cells) other.removeAttribute('aria-sort');
  heading.setAttribute('aria-sort', ascending ? 'ascending' : 'descending');
  const body = heading.closest('table').tBodies[0];
  const keyed = [...body.rows].map((row) => [row, sortKey(row, heading.cellIndex)]);
  keyed.sort(([, a], [, b]) => compare(a, b, ascending ? 1 : -1));
  body.append(...keyed.map(([row]) => row));
}

function makeSortable(heading) {
  const button = document.createElement('button');
  button.type = 'button';
  button.append(...heading.childNodes);
  button.addEventListener('click', () => sortBy(heading));
  heading.append(button);
}

function openAll() {
  for (const one of $('details')) one.open = true;
}

function filter() {
  if (search.value !== '' || verdict.value !== '') openAll();
  const words = search.value.toLowerCase().split(/\\s+/).filter(Boolean);
  let shown = 0;
  let all = 0;
  for (const body of bodies) {
    for (const row of body.rows) {
      const text = row.textContent.toLowerCase();
      const fits = words.every((word) => text.includes(word));
      row.hidden = !(fits && (verdict.value === '' || row.querySelector('.verdict.' + verdict.value)));
      shown += row.hidden ? 0 : 1;
      all++;
    }
  }
  for (const section of sections) section.hidden = $('tbody tr:not([hidden])', section).length === 0;
  count.textContent = shown === all ? '' : shown + ' of ' + all + ' rows';
}

function turnTheme() {
  const isDark = getComputedStyle(document.documentElement).colorScheme === 'dark' ||
    (!document.documentElement.dataset.theme && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = isDark ? 'light' : 'dark';
}

function clear() {
  search.value = '';
  verdict.value = '';
  filter();
}

$('table:not(.matrix) thead th:not(.plot)').forEach(makeSortable);
search.addEventListener('input', filter);
verdict.addEventListener('change', filter);
theme.addEventListener('click', turnTheme);
addEventListener('beforeprint', openAll);
// A browser that comes back to the page puts words and verdict back, and says so of neither.
addEventListener('pageshow', filter);
document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === 'Escape') return clear();
  if (event.target.closest('input, select')) return;
  if (event.key === '/') {
    event.preventDefault();
    search.focus();
  } else if (event.key === 't') turnTheme();
});
$('#controls')[0].hidden = false;
`;
