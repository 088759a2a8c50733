/** What heads a column, by the unit of what is measured, and what heads the percentages. */
const MEASURED = { V: '{{type}}.column.cell', '°C': '{{type}}.column.temperature', '%': '{{type}}.column.soc' };
const SHARES = { 1: ['{{type}}.column.share'], 2: ['{{type}}.column.charge', '{{type}}.column.discharge'] };
const FAULTS = {
    number: '{{type}}.fault.number',
    share: '{{type}}.fault.share',
    lonely: '{{type}}.fault.lonely',
    twice: '{{type}}.fault.twice',
};

/** A curve of the dialog: its rows in a list, and its plot. */
class CurveList {
    #node;
    #name;
    #unit;
    #heads;
    #details;
    #list;
    #plot;
    #onChange;
    #rowsMade = 0;

    /** @param onChange is called after every change by hand. */
    constructor(node, name, rows, onChange) {
        const { unit, usual } = CURVES[name];
        this.#node = node;
        this.#name = name;
        this.#unit = unit;
        this.#heads = [MEASURED[unit], ...SHARES[usual[0].length - 1]].map((key) => node._(key));
        this.#onChange = onChange;
        this.#details = this.#build();
        this.#fill(rows);
        this.#details.prop('open', this.#details.hasClass('input-error'));
    }

    get element() {
        return this.#details;
    }

    /** The rows by what is measured: numbers, but what is none as it was written. */
    get rows() {
        const rows = this.#texts().map((texts) => texts.map((text) => (isNumber(text) ? Number(text) : text)));
        const isSortable = rows.every(([at]) => typeof at === 'number');
        return isSortable ? rows.sort(([a], [b]) => a - b) : rows;
    }

    #id(what) {
        return `pace-bms-curve-${this.#name}-${what}`;
    }

    #build() {
        const curve = this.#name;
        const details = $('<details class="pace-bms-curve">').attr('id', `pace-bms-curve-${curve}`);
        $('<summary>')
            .append('<i class="fa fa-angle-right" aria-hidden="true"></i>')
            .append($('<span class="pace-bms-curve-title">').text(this.#node._(`{{type}}.curve.${curve}`)))
            .append($('<span class="pace-bms-curve-range">').attr('id', this.#id('range')))
            .append(drawn('svg', { class: 'pace-bms-mini-plot', 'aria-hidden': 'true', preserveAspectRatio: 'none' }))
            .appendTo(details);
        $('<div class="pace-bms-hint">')
            .text(this.#node._(`{{type}}.curveHint.${curve}`))
            .appendTo(details);
        const body = $('<div class="pace-bms-curve-body">').appendTo(details);
        this.#list = $('<ol>').attr('aria-label', this.#node._(`{{type}}.curve.${curve}`));
        $('<div>').append(this.#list).appendTo(body);
        this.#plot = drawn('svg', { class: 'pace-bms-plot', role: 'img' });
        body.append(this.#plot);
        this.#list.editableList({
            height: 'auto',
            addButton: false,
            scrollOnAdd: false,
            header: $('<div class="pace-bms-curve-row">').append(this.#heads.map((head) => $('<span>').text(head))),
            buttons: [
                this.#button('add', 'fa fa-plus', '{{type}}.rows.add', () => this.#add()),
                this.#button('usual', 'fa fa-undo', '{{type}}.rows.usual', () => this.#replace(CURVES[curve].usual)),
                this.#button('off', 'fa fa-ban', '{{type}}.rows.off', () => this.#replace([])),
            ],
            addItem: (row, _index, data) => this.#addFields(row, data),
        });
        $('<div class="pace-bms-hint pace-bms-fault" role="status">').attr('id', this.#id('fault')).appendTo(details);
        return details;
    }

    #button(what, icon, key, click) {
        return { id: this.#id(what), icon, label: this.#node._(key), click };
    }

    #addFields(row, data) {
        data.texts ??= this.#heads.map(() => '');
        this.#rowsMade += 1;
        const number = this.#rowsMade;
        row.addClass('pace-bms-curve-row');
        for (const [column, head] of this.#heads.entries()) {
            $('<input type="text" autocomplete="off">')
                .attr({
                    id: this.#id(`${number}-${column}`),
                    'aria-label': head,
                    'aria-describedby': this.#id('fault'),
                })
                .val(data.texts[column])
                .on('input', ({ target }) => {
                    data.texts[column] = target.value.trim();
                    this.#changed();
                })
                .appendTo(row);
        }
        const remove = this.#node._('{{type}}.rows.remove');
        $('<button type="button" class="red-ui-button red-ui-button-small"><i class="fa fa-remove"></i></button>')
            .attr({ id: this.#id(`${number}-remove`), title: remove, 'aria-label': remove })
            .on('click', () => this.#remove(data))
            .appendTo(row);
    }

    #fill(rows) {
        this.#list.editableList('empty');
        this.#list.editableList(
            'addItems',
            rows.map((row) => ({ texts: textsOf(this.#name, row) })),
        );
        this.#show();
    }

    #replace(rows) {
        this.#fill(rows);
        this.#changed();
    }

    #add() {
        this.#list.editableList('addItem', {});
        this.#list.find('input').eq(-this.#heads.length).trigger('focus');
        this.#changed();
    }

    /** Removes a row; the focus goes to what then stands in its place, or to the button that adds one. */
    #remove(data) {
        const index = this.#list.editableList('indexOf', data);
        this.#list.editableList('removeItem', data);
        const next = this.#list.find('button').get(index) ?? $(`#${this.#id('add')}`).get(0);
        next.focus();
        this.#changed();
    }

    #texts() {
        return this.#list
            .editableList('items')
            .get()
            .map((row) => row.data('data').texts);
    }

    #changed() {
        this.#show();
        this.#onChange();
    }

    /** Marks what is wrong, and draws what is right. */
    #show() {
        const texts = this.#texts();
        const faults = faultsIn(texts);
        const all = faults.flat();
        this.#list.find('input').each((index, input) => {
            $(input).toggleClass('input-error', Boolean(all[index])).attr('aria-invalid', Boolean(all[index]));
        });
        const found = Object.keys(FAULTS).filter((fault) => all.includes(fault));
        this.#details.toggleClass('input-error', found.length > 0);
        this.#details.find('.pace-bms-fault').text(found.map((fault) => this.#node._(FAULTS[fault])).join(' '));

        const lines = this.#heads.slice(1).map((_head, index) =>
            texts
                .filter(
                    ([at, ...shares], row) =>
                        isNumber(at) && isNumber(shares[index]) && !faults[row][0] && !faults[row][index + 1],
                )
                .map(([at, ...shares]) => [Number(at), Number(shares[index])])
                .sort(([a], [b]) => a - b),
        );
        plotCurve(this.#details.find('.pace-bms-mini-plot').get(0), lines, MINI_PLOT);
        plotCurve(this.#plot, lines, PLOT, this.#unit);
        const off = this.#node._('{{type}}.rows.isOff');
        const words = lines.map(
            (line) => line.map(([at, share]) => `${at} ${this.#unit}: ${share} %`).join(', ') || off,
        );
        this.#plot.setAttribute('aria-label', words.join('; '));
        const [first] = lines;
        const range = first.length > 0 ? `${first[0][0]} … ${first.at(-1)[0]} ${this.#unit}` : '';
        this.#details.find('.pace-bms-curve-range').text(texts.length > 0 ? range : off);
    }
}

/** Shows the curves of a node. @returns what gives them as they now are; undefined while nothing was changed. */
const showCurves = (node) => {
    const given = node.curves ?? usualCurves();
    let isChanged = false;
    let lists = [];
    const showLists = (tables) => {
        const change = () => {
            isChanged = true;
        };
        lists = Object.keys(CURVES).map((name) => [
            name,
            new CurveList(node, name, tables[name] ?? usualCurves()[name], change),
        ]);
        $('#pace-bms-curves').append(lists.map(([, { element }]) => element));
    };
    const tables = curvesIn(given);
    $('#pace-bms-curves-elsewhere').toggle(!tables);
    if (tables) showLists(tables);
    else $('#pace-bms-curves-text').text(typeof given === 'string' ? given : JSON.stringify(given));
    $('#pace-bms-curves-own').on('click', () => {
        isChanged = true;
        $('#pace-bms-curves-elsewhere').hide();
        showLists(usualCurves());
        $('#pace-bms-curves summary').first().trigger('focus');
    });
    return () => (isChanged ? Object.fromEntries(lists.map(([name, { rows }]) => [name, rows])) : undefined);
};
