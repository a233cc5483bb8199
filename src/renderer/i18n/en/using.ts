// English: what a model is used for (a photo, a folder, another run beside it), taking the data set out, and getting ready to train.

export const using = {
  tryIt: {
    choose: 'Choose a photo', camera: 'Use the camera', cameraOff: 'Camera off', cameraName: 'camera picture', drop: 'Drop or paste a photo here, choose one, or use the camera. It stays on this machine and is not added to the library.',
    looking: 'Looking', unknown: 'Unknown', guess: 'at best {class}, {confidence}', ranking: 'Classes by confidence', lookFor: 'Show what speaks for: {class}', heat: 'Show where it looked',
    heatOf: 'Warm places speak for: {class}', noPlaces: 'This net has no convolutions, so it cannot say where it looked.', unknownBelow: '"Unknown" below a confidence of {share}', suggested: 'Suggested: {share}',
    rule: 'The photo is made {size} px large by the same rule as in training.', noCamera: 'The camera could not be used.', noCameraFix: 'Connect a camera, or allow it for this page, and try again.',
  },
  classify: {
    title: 'Classify a folder', text: 'Every photo of a folder is shown to this model. The answers are saved as a table (CSV); the photos are only read.', choose: 'Choose a folder', chooseText: 'The photos in it and below it are shown to the model.',
    unsure: 'Answers below {share} count as unknown', copies: 'Also copy the photos, sorted by answer', copiesText: 'A new folder is made with one folder for each class. Originals stay where they are.', where: 'Where to', whereText: 'A new folder is made in the folder you choose.',
    folderName: 'Name of the new folder', sortedName: '{name} sorted', start: 'Classify', done: '{photos} answered, {unknown} unknown, {unread} not readable.', save: 'Save the answers (CSV)',
  },
  dataset: {
    title: 'Take the cleaned data set out', text: 'Every photo that a run would use, with its label and split. Excluded and broken photos are left out; originals stay as they are.', list: 'Save the list (CSV)',
    perPhoto: 'Changed copies of each training photo', changes: 'How they are changed', made: '{count} changed copy made. | {count} changed copies made.',
    copy: 'Copy into folders', folderName: '{name} cleaned', done: '{copied} copied, {failed} could not be read. labels.csv lists them.',
  },
  compare: {
    before: 'Before', after: 'After', swap: 'Swap', needsTwo: 'Two finished runs are needed to compare. Train once more.', accuracy: 'Accuracy', perClass: 'See it class by class in Review', sameSettings: 'Both runs have the same settings.',
    fixed: '{count} became right | {count} became right', broken: '{count} became wrong | {count} became wrong', of: 'of {count} photo that both have | of {count} photos that both have', relabelled: '{count} has another label now | {count} have another label now',
    same: 'No answer became right, and none became wrong.', even: 'As many answers became right as became wrong.', better: 'The second run is better, and hardly by chance ({chance}).', worse: 'The second run is worse, and hardly by chance ({chance}).', chance: 'So small a difference comes by chance alone in {chance} of all cases.',
    chart: '{name}, validation', summary: '{name}: {before} {first}, {after} {second} at the end.',
  },
  begin: {
    with: 'Begin with', fresh: 'fresh weights', run: '{name} ({preset})', file: 'a file (safetensors)…', fileNamed: 'the file {file}', other: 'Another file',
    matched: '{count} of {all} tensors begin with these weights.', nothing: 'None of these weights fits {preset}. Choose the network they were made with.',
    otherClasses: '{count} tensor was made for other classes and starts afresh | {count} tensors were made for other classes and start afresh', different: '{count} tensor has another shape and starts afresh | {count} tensors have another shape and start afresh',
    missing: '{count} tensor is not among them and starts afresh | {count} tensors are not among them and start afresh', unused: '{count} tensor is not used | {count} tensors are not used',
  },
  ready: {
    about: 'About {time} on {device}.', guess: 'Roughly {time} on {device}: a guess, as this library has no run like it yet.', warnings: 'Before you begin', moreWarnings: '{count} more like this | {count} more like this', clean: 'Look at the copies in Clean', unlabelled: 'Label them in Library', continues: 'Begins with the weights of {name}.', fresh: 'Begin with fresh weights',
    preview: 'Show what augmentation does', previewOf: 'First the photo as it is, then how the model may meet it while training.', another: 'Another photo', again: 'Draw anew', previewAlt: 'Twenty-four ways of {name}', noPhoto: 'No photo to show yet.',
  },
}
