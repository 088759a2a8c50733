import type { NodeAPI } from 'node-red';
import { serialPorts } from '../../src/link/transports/serial-ports.js';

/** Lets those who may read find a serial port: `GET pace-bms/ports`. */
export function servePorts(RED: NodeAPI): void {
  const mayRead = RED.auth.needsPermission('pace-bms.read');
  RED.httpAdmin.get('/pace-bms/ports', mayRead, (_request, response) => {
    serialPorts().then(
      (ports) => response.json(ports),
      (thrown) => response.status(500).json({ error: `the serial ports cannot be listed: ${thrown?.message}` }),
    );
  });
}
