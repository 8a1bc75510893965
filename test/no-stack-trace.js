/** CDKTF keeps the whole stack trace of each token that it makes, every line looked up in a source map; nobody reads them here. */
exports.captureStackTrace = () => [];
