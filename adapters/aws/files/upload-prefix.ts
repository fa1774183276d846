/** Where uploads wait; nothing leads out of here but the functions. */
export const UPLOAD_PREFIX = 'quarantine/';
