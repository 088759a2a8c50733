/** A message for an `mqtt out` node. */
export interface MqttMessage {
  topic: string;
  payload: object | string | number;
  retain: boolean;
  qos: 0 | 1;
}

/** A message that must arrive: discovery, and whether something is there at all. */
export const reliable = (topic: string, payload: MqttMessage['payload'], retain: boolean): MqttMessage => ({
  topic,
  payload,
  retain,
  qos: 1,
});
