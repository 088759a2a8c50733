const STATES = {
    idle: 'pace-bms-connection.state.idle',
    connecting: 'pace-bms-connection.state.connecting',
    open: 'pace-bms-connection.state.open',
    backoff: 'pace-bms-connection.state.backoff',
    closed: 'pace-bms-connection.state.closed',
    error: 'pace-bms-connection.state.error',
};
/** Why there are no figures, by the answer's HTTP status, for good; any other failure may pass. */
const NO_FIGURES = {
    401: 'pace-bms-connection.now.forbidden',
    403: 'pace-bms-connection.now.forbidden',
    404: 'pace-bms-connection.now.undeployed',
};
const UNITS = [
    ['second', 1, 120],
    ['minute', 60, 7200],
    ['hour', 3600, Infinity],
];
const REFRESH_MS = 2000;
/** The quality is that of so many exchanges at most. */
const LATEST = 100;

const lastGood = (node, seconds) => {
    if (seconds === null) return node._('pace-bms-connection.now.never');
    const [unit, length] = UNITS.find(([, , upTo]) => seconds < upTo);
    return new Intl.RelativeTimeFormat(RED.i18n.lang(), { style: 'short' }).format(-Math.floor(seconds / length), unit);
};
const quality = (node, share, exchanges) =>
    share === null
        ? node._('pace-bms-connection.now.never')
        : node._('pace-bms-connection.now.share', { share, latest: Math.min(exchanges, LATEST) });
const refused = (node, refusals) =>
    Object.entries(refusals)
        .map(([reason, times]) => `${reason}: ${times}`)
        .join(', ') || node._('pace-bms-connection.now.none');

/** Shows a line of text in place of figures. */
const showNote = (text) => {
    $('#pace-bms-now').hide();
    $('#pace-bms-now-note').text(text).show();
};
const showStatistics = (node, statistics) => {
    const { state, error, transport, opened, linkQuality, lastGoodAgeSeconds } = statistics;
    const { exchanges, answers, timeouts, refusals, queueDepth } = statistics;
    const isWorking = state !== 'error';
    const facts = {
        state: node._(STATES[state]),
        detail: error ?? node._('pace-bms-connection.now.opened', { transport, opened }),
        ...(isWorking && {
            quality: quality(node, linkQuality, exchanges),
            lastGood: lastGood(node, lastGoodAgeSeconds),
            exchanges: node._('pace-bms-connection.now.counts', { exchanges, answers, timeouts }),
            refusals: refused(node, refusals),
            waiting: String(queueDepth),
        }),
    };
    for (const [name, text] of Object.entries(facts)) $(`#pace-bms-now-${name}`).text(text);
    $('#pace-bms-now-note').hide();
    $('#pace-bms-now-figures').toggle(isWorking);
    $('#pace-bms-now').show();
};
/** Shows again and again how the connection does, if it is deployed. @returns what ends that. */
const showStatisticsOf = (node) => {
    if (!RED.nodes.node(node.id)) {
        showNote(node._('pace-bms-connection.now.undeployed'));
        return () => {};
    }
    let timer = null;
    let isOver = false;
    const look = () => {
        $.getJSON(`pace-bms/connections/${encodeURIComponent(node.id)}/statistics`).then(
            (statistics) => {
                if (isOver) return;
                showStatistics(node, statistics);
                timer = setTimeout(look, REFRESH_MS);
            },
            ({ status }) => {
                if (isOver) return;
                showNote(node._(NO_FIGURES[status] ?? 'pace-bms-connection.now.unreachable'));
                if (!NO_FIGURES[status]) timer = setTimeout(look, REFRESH_MS);
            },
        );
    };
    look();
    return () => {
        isOver = true;
        clearTimeout(timer);
    };
};
