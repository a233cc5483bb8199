// What every answer to the page carries, on loopback and in Electron: a content policy under which only Winnow's own
// files run, and headers that keep other sites' pages away from the answers.

/** `connect` is what the page may connect to besides its own origin (the socket's address). Nothing inline, nothing
 *  remote, no eval but the compiling of WebAssembly, which the kernels of the CPU device need. */
export function contentPolicy(connect: string = ''): string {
  return [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    "img-src 'self' blob:",
    "font-src 'self'",
    `connect-src 'self'${connect && ` ${connect}`}`,
    "worker-src 'self'",
    "object-src 'none'",
    "frame-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

/** For files of the page. */
export function pageHeaders(connect?: string): Record<string, string> {
  return {
    ...commonHeaders,
    'Content-Security-Policy': contentPolicy(connect),
    // With the opener policy below: the page is cross-origin isolated, so that its workers may share memory.
    'Cross-Origin-Embedder-Policy': 'require-corp',
  }
}

/** For bytes of the library: a picture that pretends to be a page must not run as one. */
export function bytesHeaders(fileName: string | null): Record<string, string> {
  return {
    ...commonHeaders,
    'Content-Security-Policy': "default-src 'none'; sandbox",
    ...(fileName !== null && {
      'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(fileName.toWellFormed())}`,
    }),
  }
}

const commonHeaders = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cache-Control': 'no-store',
}
