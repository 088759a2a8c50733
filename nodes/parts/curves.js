const TEMPERATURES = [
    [5, 50],
    [10, 100],
    [40, 100],
    [45, 50],
    [50, 25],
    [55, 0],
];
/** The curves: the unit of what is measured, and rows of it with % of the maximum that suit LiFePO4 cells. */
const CURVES = {
    chargeByCell: {
        unit: 'V',
        usual: [
            [3.375, 100],
            [3.4, 25],
            [3.425, 5],
            [3.45, 0.5],
            [3.5, 0],
        ],
    },
    dischargeByCell: {
        unit: 'V',
        usual: [
            [2.8, 0],
            [2.9, 0.5],
            [3, 5],
            [3.1, 25],
            [3.19, 100],
        ],
    },
    chargeByTemperature: { unit: '°C', usual: [[0, 0], [2, 25], ...TEMPERATURES] },
    dischargeByTemperature: { unit: '°C', usual: [[-10, 0], [0, 25], ...TEMPERATURES] },
    byMosfetTemperature: {
        unit: '°C',
        usual: [
            [70, 100],
            [80, 25],
            [90, 0],
        ],
    },
    bySoc: {
        unit: '%',
        isOffAtFirst: true,
        usual: [
            [5, 100, 10],
            [10, 100, 20],
            [15, 100, 50],
            [20, 100, 100],
            [85, 100, 100],
            [90, 50, 100],
            [95, 20, 100],
            [98, 10, 100],
        ],
    },
};
const usualCurves = () =>
    Object.fromEntries(
        Object.entries(CURVES).map(([name, { usual, isOffAtFirst }]) => [name, isOffAtFirst ? [] : usual]),
    );

/** The tables of rows that a flow holds; null where it holds something else, such as a variable. */
const curvesIn = (value) => {
    const isKnown = ([name, rows]) => Object.hasOwn(CURVES, name) && (rows == null || Array.isArray(rows));
    const isSet = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isSet && Object.entries(value).every(isKnown) ? value : null;
};
/** A row as its fields show it. */
const textsOf = (name, row) =>
    CURVES[name].usual[0].map((_usual, column) => String((Array.isArray(row) && row[column]) ?? '').trim());

const isNumber = (text) => /^-?(\d+\.?\d*|\.\d+)$/.test(text);
/** What is wrong in each field of the rows of a curve; null where nothing is. */
const faultsIn = (rows) => {
    const timesOf = (text) => rows.filter(([at]) => isNumber(at) && Number(at) === Number(text)).length;
    const ofMeasured = (text) => {
        if (!isNumber(text) || Math.abs(Number(text)) > 1000) return 'number';
        if (rows.length === 1) return 'lonely';
        return timesOf(text) > 1 ? 'twice' : null;
    };
    const ofShare = (text) => (number(0, 100)(text) ? null : 'share');
    return rows.map((texts) =>
        texts.map((text, column) => {
            if (ENVIRONMENT.test(text)) return null;
            return column === 0 ? ofMeasured(text) : ofShare(text);
        }),
    );
};

const isTable = ([name, rows]) => {
    const faults = faultsIn((rows ?? []).map((row) => textsOf(name, row)));
    return faults.flat().every((fault) => fault === null);
};
/** A validator: the curves must be tables without faults, or be a ${NAME} and nothing else. */
const curvesRule = function (given, opt) {
    const value = given ?? this._def.defaults.curves.value;
    const tables = curvesIn(value);
    if (tables ? Object.entries(tables).every(isTable) : ENVIRONMENT.test(value)) return true;
    return opt ? this._('{{type}}.error.curves') : false;
};
