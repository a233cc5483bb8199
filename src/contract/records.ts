// The nouns that cross a process, as schemas; the types are derived from them. Ids are numbers given by the library.
// Nothing here holds an absolute path: the page knows ids, and `folder` is a path relative to the imported folder.

export * from './records/photos.ts'
export * from './records/library.ts'
export * from './records/run-settings.ts'
export * from './records/runs.ts'
export * from './records/versions.ts'
export * from './records/review.ts'
export * from './records/features.ts'
export * from './records/proposals.ts'
export * from './records/exports.ts'
