import helper from 'node-red-node-test-helper';

/** What the admin endpoints of the runtime answer. */
export interface AdminAnswer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: bodies differ by endpoint; the assertions know which
  body: any;
}

export const get = async (path: string): Promise<AdminAnswer> => helper.request().get(path);

export const post = async (path: string, body?: object): Promise<AdminAnswer> => helper.request().post(path).send(body);
