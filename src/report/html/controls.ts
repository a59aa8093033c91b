/** What the script of the page gives its reader. Hidden until the script runs. */
import { VERDICT_ORDER } from '../verdict-text.ts';
import { type Html, html } from './escape.ts';

export function controls(): Html {
  return html`<div id="controls" hidden="">
<label>Filter <input id="filter" type="search" placeholder="config-read batch" autocomplete="off"> <kbd>/</kbd></label>
<label>Verdict <select id="verdict"><option value="">any</option>${VERDICT_ORDER.map(
    (verdict) => html`<option value="${verdict}">${verdict}</option>`,
  )}</select></label>
<button id="theme" type="button">Light or dark <kbd>t</kbd></button>
<output id="count" aria-live="polite"></output>
</div>
`;
}
