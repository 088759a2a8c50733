/** Why a trial has no result, by the answer's HTTP status. */
const NO_TRIAL = {
    0: 'pace-bms-connection.try.unreachable',
    401: 'pace-bms-connection.try.forbidden',
    403: 'pace-bms-connection.try.forbidden',
    409: 'pace-bms-connection.try.busy',
};
const figure = (value, digits, unit) => (value === null ? '–' : `${value.toFixed(digits)} ${unit}`);
const paragraph = (text) => $('<p>').text(text);
const verdict = (icon, text) =>
    $(`<p class="pace-bms-verdict"><i class="fa ${icon}"></i> </p>`).append(document.createTextNode(text));
const tableOf = (head, rows) => {
    const rowOf = (tag, cells) => $('<tr>').append(cells.map((cell) => $(tag).text(cell)));
    return $('<table>').append(
        rowOf('<th scope="col">', head),
        rows.map((cells) => rowOf('<td>', cells)),
    );
};
const COLUMNS = [
    'pace-bms-connection.try.column.pack',
    'pace-bms-connection.try.column.cells',
    'pace-bms-connection.try.column.voltage',
    'pace-bms-connection.try.column.current',
    'pace-bms-connection.try.column.soc',
];
/** What a trial tells beside the packs, by the member of its result. */
const FACTS = {
    roundTripMs: 'pace-bms-connection.try.fact.roundTripMs',
    softwareVersion: 'pace-bms-connection.try.fact.softwareVersion',
    bmsSerial: 'pace-bms-connection.try.fact.bmsSerial',
    packSerial: 'pace-bms-connection.try.fact.packSerial',
    packCount: 'pace-bms-connection.try.fact.packCount',
    missing: 'pace-bms-connection.try.fact.missing',
    unreached: 'pace-bms-connection.try.fact.unreached',
};
/** What a trial found: the packs, and who answered. */
const foundParts = (node, found) => {
    const { packs, voltage, soc, missing, unreached } = found;
    const rows = packs.map((pack) => [
        pack.pack,
        pack.cells,
        figure(pack.voltage, 2, 'V'),
        figure(pack.current, 2, 'A'),
        figure(pack.soc, 0, '%'),
    ]);
    const facts = { ...found, missing: missing.join(', ') || null, unreached: unreached.join(', ') || null };
    const told = Object.keys(FACTS).filter((fact) => facts[fact] !== null);
    const totals = { packs: packs.length, voltage: figure(voltage, 2, 'V'), soc: figure(soc, 0, '%') };
    return [
        verdict('fa-check', node._('pace-bms-connection.try.found', totals)),
        tableOf(
            COLUMNS.map((column) => node._(column)),
            rows,
        ),
        ...told.map((fact) => paragraph(node._(FACTS[fact], { value: facts[fact] }))),
    ];
};
/** Why a trial found nothing, what to check, and the error as the log would have it. */
const causeParts = (node, { cause, error }) => {
    const checks = node._(`pace-bms-connection.cause.${cause}.check`).split('\n');
    return [
        verdict('fa-times', node._(`pace-bms-connection.cause.${cause}.title`)),
        $('<ul>').append(checks.map((check) => $('<li>').text(check))),
        $('<p class="pace-bms-hint">').css('margin', 0).text(`${error.code}: ${error.message}`),
    ];
};
/** Lets the line be tried with what is in the fields now. @returns what ends that. */
const offerTrial = (node) => {
    const button = $('#pace-bms-try');
    const show = (...parts) => $('#pace-bms-trial').empty().append(parts);
    const valuesInFields = () => {
        const values = Object.keys(node._def.defaults).map((property) => [property, configField(property).val()]);
        return { id: node.id, z: node.z ?? '', ...Object.fromEntries(values) };
    };
    const showResult = (result) => {
        const { found, through } = result;
        const note = through && paragraph(node._('pace-bms-connection.try.through', { connection: through.name }));
        show(...(found ? foundParts(node, result) : causeParts(node, result)), note);
    };
    let trial = null;
    const giveUp = () => {
        trial?.abort();
        show();
    };
    // What was found with other values says nothing of those in the fields now.
    button.closest('.pace-bms').on('input change', ':input', giveUp);
    button.on('click', () => {
        button.prop('disabled', true);
        show(paragraph(node._('pace-bms-connection.try.asking')));
        trial = $.ajax({
            url: 'pace-bms/connections/try',
            type: 'POST',
            contentType: 'application/json',
            data: JSON.stringify(valuesInFields()),
        })
            .done(showResult)
            .fail(({ status, statusText, responseJSON }) => {
                const reason = responseJSON?.error ?? statusText;
                show(paragraph(node._(NO_TRIAL[status] ?? 'pace-bms-connection.try.failed', { reason })));
            })
            .always(() => {
                button.prop('disabled', false);
                if (document.activeElement === document.body) button.trigger('focus');
            });
    });
    return giveUp;
};
