/** Lets a list show what a flow holds and the list does not offer, such as a variable: it would show nothing, and lose it. */
const showUnlisted = (list, value) => {
    const isOffered = (_index, option) => option.value === String(value);
    if (!list.is('select') || list.children().filter(isOffered).length > 0) return;
    list.append($('<option>').val(value).text(value)).val(value);
};
