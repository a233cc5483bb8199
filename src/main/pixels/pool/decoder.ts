// Entry of the decode process, started by the pool. In tests Node runs this file as it is; the app ships it bundled.

import { decodeFile } from '../decode/decode-file.ts'
import { serveDecoder } from './serve-decoder.ts'

serveDecoder(decodeFile)
