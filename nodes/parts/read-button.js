/** The button on a node works for what is deployed. */
function isDeployed() {
    return !this.changed && !this.d;
}
/** Lets a deployed node read now, and tells how that went. */
function readNow() {
    const tell = (key, type, values) => RED.notify(this._(key, values), { type, timeout: 4000 });
    const failed = (reason, values) => {
        const message = this._(`node-red:common.notification.errors.${reason}`, values);
        tell('node-red:common.notification.error', 'error', { message });
    };
    $.ajax({ url: `pace-bms/nodes/${encodeURIComponent(this.id)}/poll`, type: 'POST' }).then(
        () => tell('{{type}}.button.done', 'success', { node: RED.utils.getNodeLabel(this) }),
        ({ status, statusText }) => {
            if (status === 401 || status === 403) tell('{{type}}.button.forbidden', 'error');
            else if (status === 404) failed('not-deployed');
            else if (status === 0) failed('no-response');
            else failed('unexpected', { status, message: statusText });
        },
    );
}
