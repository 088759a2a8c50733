const field = (property) => $(`#node-input-${property}`);
const hint = (property) => $(`#pace-bms-hint-${property}`);
/** Calls `show` now, and whenever what is in one of the fields changes. */
const showWith = (properties, show) => {
    for (const property of properties) field(property).on('input change', show);
    show();
};
/** The first pack's or cell's name, with the digits now in a field. */
const named = (name, property) => {
    const digits = field(property).val();
    return `${name}_${'1'.padStart(whole(0, 9)(digits) ? Number(digits) : 0, '0')}`;
};
const withoutOuterSlashes = (text) => text.trim().replace(/^\/+|\/+$/g, '');
/** A topic that begins with the one now in its field. */
const topicWith = (end) => {
    const base = withoutOuterSlashes(field('topic').val());
    return base === '' ? end : `${base}/${end}`;
};
