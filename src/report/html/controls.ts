/** What the script of the page gives its reader. Hidden until the script runs. */
import { type Html, html } from './escape.ts';

const VERDICTS = ['slower', 'faster', 'same', 'inconclusive'];

export function controls(): Html {
  return html`<div id="controls" hidden="">
<label>Filter <input id="filter" type="search" placeholder="config-read wasm" autocomplete="off"> <kbd>/</kbd></label>
<label>Verdict <select id="verdict"><option value="">any</option>${VERDICTS.map(
    (verdict) => html`<option value="${verdict}">${verdict}</option>`,
  )}</select></label>
<button id="theme" type="button">Light or dark <kbd>t</kbd></button>
<output id="count" aria-live="polite"></output>
</div>
`;
}
