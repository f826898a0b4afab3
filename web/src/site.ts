import { hints } from './hints'
import { sortable } from './tables'
import './web.css'

/*
 * Every page is whole without this script. The SQL console is large, and loaded on its
 * own page only; DuckDB and charts come when they are first wanted.
 */

for (const table of document.querySelectorAll<HTMLTableElement>('table[data-sortable]')) sortable(table)
hints()
if (document.querySelector('figure.example')) void import('./sql').then(({ openEditor }) => openEditor())
