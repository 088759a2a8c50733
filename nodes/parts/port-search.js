/** Why ports cannot be listed, by the answer's HTTP status; any other failure is one of the computer. */
const NO_PORTS = { 401: 'pace-bms-connection.search.forbidden', 403: 'pace-bms-connection.search.forbidden' };
/** How a port reads in the list: its path, its maker, and who has it. */
const portLabel = (node, { path, manufacturer, usedBy }) => {
    const used = usedBy && node._('pace-bms-connection.search.usedBy', { connection: usedBy });
    return [path, manufacturer, used].filter(Boolean).join(' · ');
};
/** Lets the serial port be chosen from those that the computer has; any other may be typed. @returns what ends that. */
const offerPorts = (node) => {
    const input = configField('serialPort');
    const say = (text) => $('#pace-bms-search-note').text(text);
    let asking = null;
    const showPorts = (ports) => {
        say(ports.length === 0 ? node._('pace-bms-connection.search.none') : '');
        const source = ports.map((port) => ({
            label: portLabel(node, port),
            detail: port.byId,
            value: port.byId ?? port.path,
        }));
        input.autocomplete('option', 'source', source).autocomplete('search', '').focus();
    };
    input.autocomplete({
        minLength: 0,
        source: [],
        classes: { 'ui-autocomplete': 'pace-bms-ports' },
        // Typing is free: only the button shows the list.
        search: (event) => !event.originalEvent,
        select: (_event, { item }) => {
            input.val(item.value).trigger('change');
            return false;
        },
    });
    input.autocomplete('instance')._renderItem = (list, { label, detail }) =>
        $('<li>')
            .append(
                $('<div>')
                    .text(label)
                    .append(detail && $('<div class="pace-bms-hint">').css('margin', 0).text(detail)),
            )
            .appendTo(list);
    $('#pace-bms-search').on('click', () => {
        say(node._('pace-bms-connection.search.searching'));
        asking = $.getJSON('pace-bms/ports');
        asking.then(showPorts, ({ status }) => say(node._(NO_PORTS[status] ?? 'pace-bms-connection.search.failed')));
    });
    return () => {
        asking?.abort();
        input.autocomplete('destroy');
    };
};
