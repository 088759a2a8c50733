import { fieldCapture, referenceVectors } from '../support/captures.js';

/** What is to become of a text: an error's code, or a request to be ignored. */
export type Fate = 'FRAME' | 'CHECKSUM' | 'UNSUPPORTED' | 'REFUSED' | 'request';

const FIELD_FATES: Record<string, Fate> = {
  'wild-014': 'FRAME',
  'wild-015': 'FRAME',
  'wild-016': 'FRAME',
  'wild-063': 'FRAME',
  'wild-065': 'UNSUPPORTED',
  'wild-076': 'UNSUPPORTED',
  'wild-077': 'request',
  'wild-084': 'FRAME',
  'wild-085': 'FRAME',
  'wild-086': 'UNSUPPORTED',
  'wild-090': 'request',
  'wild-091': 'UNSUPPORTED',
  'wild-092': 'CHECKSUM',
  'wild-098': 'UNSUPPORTED',
  'wild-099': 'UNSUPPORTED',
  'wild-100': 'UNSUPPORTED',
  'wild-101': 'UNSUPPORTED',
};

const VECTOR_FATES: Record<string, Fate> = {
  'neg-truncated-2pack': 'FRAME',
  'neg-truncated-13s': 'FRAME',
  'neg-bad-lchksum-write': 'FRAME',
  'neg-v31-doc-request-auto': 'CHECKSUM',
  'neg-v31-doc-request-set': 'CHECKSUM',
  'neg-v31-doc-request-read': 'CHECKSUM',
  'neg-doc-checksum-example': 'FRAME',
  'req-packcount-adrFF': 'request',
  'req-packcount-adr0': 'request',
  'req-poll-adr11': 'request',
  'mosfet-discharge-off-refused': 'REFUSED',
};

/** Every text of the fixtures that is no reply to be read, with what is to become of it. */
export const refusedTexts: readonly { id: string; text: string; fate: Fate; rtn: number | undefined }[] = [
  ...Object.entries(FIELD_FATES).map(([id, fate]) => ({
    id,
    fate,
    text: fieldCapture(id).frame as string,
    rtn: undefined,
  })),
  ...referenceVectors.flatMap(({ id, kind, request, response, expected }) => {
    const fate = kind === 'errorReply' ? 'REFUSED' : VECTOR_FATES[id];
    const text = response ?? request;
    return fate && text ? [{ id, fate, text, rtn: expected.rtn }] : [];
  }),
];
