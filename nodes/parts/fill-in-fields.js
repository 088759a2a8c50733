/** Lets a list show what a flow holds and the list does not offer, such as a variable: it would show nothing, and lose it. */
const showUnlisted = (list, value) => {
    const isOffered = (_index, option) => option.value === String(value);
    if (!list.is('select') || list.children().filter(isOffered).length > 0) return;
    list.append($('<option>').val(value).text(value)).val(value);
};
/** Shows the defaults of what a flow leaves out, where the editor shows nothing, and what a list does not offer. */
const fillInFields = (node, fieldOf) => {
    for (const [property, { type, value }] of Object.entries(node._def.defaults)) {
        if (type) continue;
        if (node[property] !== undefined) showUnlisted(fieldOf(property), node[property]);
        else if (typeof value === 'boolean') fieldOf(property).prop('checked', value);
        else fieldOf(property).val(value);
    }
};
