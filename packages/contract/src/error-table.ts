/**
 * The error table of the reference (chapter 6.2): code, HTTP status and English wording. Where the
 * reference shows an English message in an example, that wording is used; the rest translates its table.
 */
export const errorTable = {
  'FRS.0002': { status: 403, message: 'The authentication token is abnormal.' },
  'FRS.0010': { status: 400, message: 'The request header is missing or empty.' },
  'FRS.0011': { status: 400, message: 'The request parameter is missing.' },
  'FRS.0012': { status: 400, message: 'The format of the request parameter is incorrect.' },
  'FRS.0013': { status: 400, message: 'The size of the face picture is too large or too small.' },
  'FRS.0014': { status: 400, message: 'The request body is not in JSON format.' },
  'FRS.0015': { status: 400, message: 'The Base64 of the picture or video can not be parsed.' },
  'FRS.0016': { status: 400, message: 'The format of the uploaded file is not supported.' },
  'FRS.0017': { status: 400, message: 'The uploaded body is out of the allowed range.' },
  'FRS.0018': { status: 500, message: 'The service inner error.' },
  'FRS.0019': { status: 400, message: 'The service has not been subscribed.' },
  'FRS.0020': { status: 400, message: 'The sub service has not been subscribed.' },
  'FRS.0021': { status: 400, message: 'The OBS url is invalid.' },
  'FRS.0022': { status: 400, message: 'Failed to get the OBS file.' },
  'FRS.0023': { status: 400, message: 'The size of the OBS file is out of range.' },
  'FRS.0024': { status: 400, message: 'The OBS file does not exist.' },
  'FRS.0027': { status: 400, message: 'The OBS is not authorized.' },
  'FRS.0028': { status: 403, message: 'The project ID does not match the token.' },
  'FRS.0029': { status: 400, message: 'The filter format is wrong.' },
  'FRS.0030': { status: 400, message: 'The return field is undefined.' },
  'FRS.0031': { status: 400, message: 'The sort field is not in the return fields.' },
  'FRS.0032': {
    status: 400,
    message: 'The sort field or type is not supported, only numbers are supported.',
  },
  'FRS.0033': { status: 400, message: 'Too many requests, the flow control limit is exceeded.' },
  'FRS.0035': { status: 400, message: 'The download address is illegal.' },
  'FRS.0036': { status: 400, message: 'Failed to get the file from the url.' },
  'FRS.0201': { status: 400, message: 'The user has been registered.' },
  'FRS.0202': { status: 400, message: 'The service has been freeze.' },
  'FRS.0203': { status: 400, message: 'Failed to update the user information.' },
  'FRS.0301': { status: 400, message: 'The face set already exists, can not create it again.' },
  'FRS.0302': { status: 400, message: 'The face set does not exist.' },
  'FRS.0304': { status: 400, message: 'Detect no face, can not search.' },
  'FRS.0305': {
    status: 400,
    message: 'The maximum number of face sets is exceeded, can not create a new one.',
  },
  'FRS.0306': { status: 403, message: 'The capacity of the face set is exceeded, can not add more faces.' },
  'FRS.0401': { status: 400, message: 'No value of that type is found, can not delete face.' },
  'FRS.0402': { status: 400, message: 'External id is not exist, can not delete face' },
  'FRS.0403': { status: 400, message: 'The face id is not exist, checkout your input.' },
  'FRS.0404': { status: 400, message: 'Detect no face, can not add it to face set.' },
  'FRS.0405': { status: 400, message: 'The external field is undefined, can not add it.' },
  'FRS.0406': { status: 400, message: 'The data type does not match the definition.' },
  'FRS.0407': { status: 400, message: 'All the data not suitable, no data to be deleted.' },
  'FRS.0501': { status: 400, message: 'Detect no face, check out your picture.' },
  'FRS.0701': { status: 400, message: 'Parse video data failed.' },
  'FRS.0702': { status: 400, message: 'The action is not supported.' },
  'FRS.0703': { status: 400, message: 'The action time is illegal.' },
  'FRS.0704': { status: 400, message: 'The number of actions is more than 10.' },
  'FRS.0705': { status: 400, message: 'The match mode is not supported.' },
  'FRS.0706': { status: 400, message: 'The video duration is not supported, the limit is [1-15] seconds.' },
  'FRS.0707': { status: 400, message: 'Detect no face in the picture.' },
  'FRS.0708': { status: 400, message: 'The quality of the face picture does not meet the requirements.' },
  'FRS.0709': { status: 400, message: 'The face picture contains more than one face.' },
  'FRS.0751': { status: 400, message: 'Parse the video data failed.' },
  'APIG.0101': {
    status: 404,
    message: 'The API does not exist or has not been published in the environment.',
  },
  'APIG.0201': { status: 413, message: 'Request entity too large.' },
  'APIG.0301': { status: 401, message: 'Incorrect IAM authentication information.' },
  'APIG.0307': { status: 401, message: 'The token must be updated.' },
} as const satisfies Record<string, { status: number; message: string }>;

/** The other case of APIG.0201, which the reference has as 413/504: the service took too long. */
export const timedOut = { status: 504, message: 'The backend service timed out.' } as const;

/** A code of the contract's error table. */
export type ErrorCode = keyof typeof errorTable;
