/** Shows beside the fields of a query what a message will look like, and when a pack counts as stale. */
const prepareQueryDialog = (node, examples) => {
    fillInFields(node, field);
    showWith(['output', 'topic', 'padPacks', 'padCells'], () => showExample(node, examples));
    showWith(['interval'], () => {
        const interval = Number(field('interval').val());
        const automatic = interval > 0 ? Math.max(10, Number((3 * interval).toFixed(2))) : node._('{{type}}.never');
        field('staleAfter').attr('placeholder', Number.isNaN(interval) ? '' : automatic);
    });
};
