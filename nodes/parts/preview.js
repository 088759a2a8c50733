/**
 * Shows what is sent for the output now chosen, in words and as a message.
 * @param examples by output, what follows the base topic, and the payload as text, for the names of a pack and a cell.
 */
const showExample = (node, examples) => {
    const output = field('output').val();
    const example = examples[output];
    hint('output').text(example ? node._(`{{type}}.outputHint.${output}`) : '');
    const [end, payload] = example?.(named('pack', 'padPacks'), named('cell', 'padCells')) ?? [];
    $('#pace-bms-preview').text(example ? `{ topic: "${topicWith(end)}", payload: ${payload} }` : '…');
};
