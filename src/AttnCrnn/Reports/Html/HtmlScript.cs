namespace AttnCrnn.Reports.Html;

/// <summary>
/// The script of the pages, which work without it: it makes the columns of tables sortable, with buttons in their
/// headers, and marks tables that continue beyond the edge of the screen. It has no less-than sign and no ampersand,
/// so that the page is well-formed XML.
/// </summary>
internal static class HtmlScript
{
    // Numbers before texts, in the order of their value; a dash, which stands for no value, is last in both directions.
    private const string Source = """
        (function () {
          'use strict';
          function read(row, column) {
            var text = row.cells[column].textContent.trim();
            var number = /^[^0-9a-z+-]*([+-]?[0-9][0-9.,]*)/i.exec(text);
            return {
              missing: text === '' ? true : text === '–',
              number: number ? parseFloat(number[1].replace(/,/g, '')) : NaN,
              text: text,
            };
          }
          function compare(a, b, direction) {
            if (a.missing !== b.missing) return a.missing ? 1 : -1;
            var numbers = [a, b].filter(function (value) { return !Number.isNaN(value.number); }).length;
            if (numbers === 2) return direction * (a.number - b.number);
            if (numbers === 1) return Number.isNaN(a.number) ? 1 : -1;
            return direction * a.text.localeCompare(b.text, undefined, { numeric: true });
          }
          function sort(table, column) {
            var header = table.tHead.rows[0].cells[column];
            var direction = header.getAttribute('aria-sort') === 'ascending' ? -1 : 1;
            Array.from(table.tHead.rows[0].cells).forEach(function (cell) { cell.removeAttribute('aria-sort'); });
            header.setAttribute('aria-sort', direction === 1 ? 'ascending' : 'descending');
            Array.from(table.tBodies[0].rows)
              .map(function (row) { return { row: row, key: read(row, column) }; })
              .sort(function (a, b) { return compare(a.key, b.key, direction); })
              .forEach(function (entry) { table.tBodies[0].appendChild(entry.row); });
          }
          function addButtons(table) {
            Array.from(table.tHead.rows[0].cells).forEach(function (cell, column) {
              if (cell.textContent.trim() === '') return;
              var button = document.createElement('button');
              button.type = 'button';
              while (cell.firstChild) button.appendChild(cell.firstChild);
              button.addEventListener('click', function () { sort(table, column); });
              cell.appendChild(button);
            });
          }
          function markOverflow() {
            document.querySelectorAll('.scroll').forEach(function (box) {
              var overflows = box.scrollWidth > box.clientWidth + 1;
              box.classList.toggle('overflows', overflows);
              if (overflows) box.tabIndex = 0; else box.removeAttribute('tabindex');
            });
          }
          document.querySelectorAll('table.sortable').forEach(addButtons);
          markOverflow();
          addEventListener('resize', markOverflow);
          document.querySelectorAll('details').forEach(function (details) {
            details.addEventListener('toggle', markOverflow);
          });
        })();
        """;

    public static HtmlFragment Code { get; } = HtmlFragment.FromConstant(Source);
}
