/** The button on a node works for what is deployed. */
function isDeployed() {
    return !this.changed && !this.d;
}
/** Lets a deployed node read now, and tells how that went. */
function readNow() {
    // A notification is HTML, and a node's name is anybody's text.
    const escaped = (text) => $('<div>').text(text).html();
    const tell = (key, type, values) => RED.notify(this._(key, values), { type, timeout: 4000 });
    const failed = (reason, values) => {
        const message = this._(`node-red:common.notification.errors.${reason}`, values);
        tell('node-red:common.notification.error', 'error', { message });
    };
    $.ajax({ url: `pace-bms/nodes/${encodeURIComponent(this.id)}/poll`, type: 'POST' }).then(
        () => tell('{{type}}.button.done', 'success', { node: escaped(RED.utils.getNodeLabel(this)) }),
        ({ status, statusText, responseJSON }) => {
            if (status === 401 || status === 403) tell('{{type}}.button.forbidden', 'error');
            else if (status === 404) failed('not-deployed');
            else if (status === 409) tell('{{type}}.button.refused', 'error', { reason: escaped(responseJSON.error) });
            else if (status === 0) failed('no-response');
            else failed('unexpected', { status, message: escaped(statusText) });
        },
    );
}
