/**
 * Image of verification pods where none is given: Node.js 22 of the official image, by the digest of its multi-platform
 * index. The probe needs Node.js 18 or later and nothing else.
 */
export const DEFAULT_PROBE_IMAGE =
  "docker.io/library/node:22-slim@sha256:83f487e0a63425e5b4d146fb5e5be574bcbe1b7b843d3ebafdd95eaf7767a7e5";
