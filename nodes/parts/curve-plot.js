const PLOT = { width: 260, height: 150, left: 40, right: 12, top: 10, bottom: 24 };
const MINI_PLOT = { width: 90, height: 26, left: 1, right: 1, top: 3, bottom: 3 };
/** Of what is measured, beyond both ends of a curve, where it stays as it is. */
const BEYOND = 0.08;
/** Between the words below a plot. */
const LEAST_GAP = 44;

const drawn = (tag, attributes, text = '') => {
    const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.textContent = text;
    return element;
};
/** What lies apart enough to be written below a plot, the ends first. */
const legible = (values, placeOf) => {
    const kept = [...new Set([values[0], values.at(-1)])].filter((value) => value !== undefined);
    for (const value of values) {
        if (kept.every((other) => Math.abs(placeOf(value) - placeOf(other)) >= LEAST_GAP)) kept.push(value);
    }
    return kept;
};
/**
 * Draws lines of [measured, %], sorted, into an SVG: the first solid, others dashed. A line without points is off.
 * @param unit of what is measured; without one there are no axes.
 */
const plotCurve = (svg, lines, { width, height, left, right, top, bottom }, unit = null) => {
    const values = [...new Set(lines.flat().map(([at]) => at))].sort((a, b) => a - b);
    const low = values[0] ?? 0;
    const span = (values.at(-1) ?? 0) - low || 1;
    const x = (at) => left + ((width - left - right) * ((at - low) / span + BEYOND)) / (1 + 2 * BEYOND);
    const y = (share) => top + (height - top - bottom) * (1 - share / 100);
    svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
    svg.replaceChildren();
    const grid = (x1, x2, y1, y2) => drawn('line', { class: 'pace-bms-grid', x1, x2, y1, y2 });
    if (unit) {
        for (const share of [0, 50, 100]) {
            const words = drawn('text', { 'text-anchor': 'end', x: left - 6, y: y(share) + 4 }, `${share} %`);
            svg.append(grid(left, width - right, y(share), y(share)), words);
        }
        for (const at of legible(values, x)) {
            const words = drawn('text', { 'text-anchor': 'middle', x: x(at), y: height - 8 }, `${at} ${unit}`);
            svg.append(grid(x(at), x(at), y(100), y(0) + 4), words);
        }
    }
    for (const [index, line] of lines.entries()) {
        const points = line.length > 0 ? line : [[low, 100]];
        const corners = [
            [left, y(points[0][1])],
            ...points.map(([at, share]) => [x(at), y(share)]),
            [width - right, y(points.at(-1)[1])],
        ];
        const look = `pace-bms-line${index > 0 ? ' pace-bms-dashed' : ''}`;
        svg.append(drawn('polyline', { class: look, points: corners.map((corner) => corner.join()).join(' ') }));
        if (!unit) continue;
        for (const [at, share] of line) {
            const point = drawn('circle', { cx: x(at), cy: y(share), r: 3 });
            point.append(drawn('title', {}, `${at} ${unit}: ${share} %`));
            svg.append(point);
        }
    }
};
