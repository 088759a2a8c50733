/**
 * Shows what is sent for the output now chosen, in words and as a message.
 * @param examples by output, what follows the base topic, and the payload as text, for the names of a pack and a cell.
 */
const showExample = (node, examples) => {
    const output = field('output').val();
    const [end, payload] = examples[output](named('pack', 'padPacks'), named('cell', 'padCells'));
    hint('output').text(node._(`{{type}}.outputHint.${output}`));
    $('#pace-bms-preview').text(`{ topic: "${topicWith(end)}", payload: ${payload} }`);
};
