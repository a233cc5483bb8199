// What mending a file gives: bytes that the image library takes without complaint, and what was odd about the file. The
// pixels of a mended file are all there; where some are missing there is nothing to mend.

/** 'junk' between its parts; a 'version' that no reader knows; no 'end' mark; a wrong 'checksum' of what
 *  does not touch the pixels; 'cut' behind the picture. */
export type Oddity = 'junk' | 'version' | 'end' | 'checksum' | 'cut'

export interface MendedFile {
  readonly bytes: Buffer
  readonly oddity: Oddity
}
