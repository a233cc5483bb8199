// What the shell itself says, in the two languages of the app: its menu, its dialogs, its notifications.

import type { Job } from '../../contract/records.ts'
import type { Command } from './api.ts'

/** Of Electron's own entries those that are used. */
type MenuRole =
  | 'quit'
  | 'close'
  | 'minimize'
  | 'cut'
  | 'copy'
  | 'paste'
  | 'selectAll'
  | 'resetZoom'
  | 'zoomIn'
  | 'zoomOut'
  | 'togglefullscreen'

export interface MenuTexts {
  readonly file: string
  readonly edit: string
  readonly view: string
  readonly window: string
  readonly help: string
  readonly commands: Readonly<Record<Command, string>>
  readonly roles: Readonly<Record<MenuRole, string>>
}

export interface ShellTexts {
  readonly menu: MenuTexts
  readonly trainingTitle: string
  readonly trainingDetail: string
  readonly keepTraining: string
  readonly closeAnyway: string
  readonly stoppedTitle: string
  readonly chooseTitle: string
  stoppedDetail(exitCode: number): string
  readonly works: Readonly<Record<Job['kind'] | 'training', string>>
  workDone(work: string): string
  workFailed(work: string): string
  readonly workDoneDetail: string
  readonly workFailedDetail: string
}

const english: ShellTexts = {
  menu: {
    file: 'File',
    edit: 'Edit',
    view: 'View',
    window: 'Window',
    help: 'Help',
    commands: {
      add: 'Add photos',
      libraries: 'Libraries',
      undo: 'Undo',
      redo: 'Redo',
      library: 'Library',
      clean: 'Clean',
      train: 'Train',
      review: 'Review',
      models: 'Models',
      keys: 'All keys',
    },
    roles: {
      quit: 'Quit Winnow',
      close: 'Close window',
      minimize: 'Minimise',
      cut: 'Cut',
      copy: 'Copy',
      paste: 'Paste',
      selectAll: 'Select all',
      resetZoom: 'Actual size',
      zoomIn: 'Larger',
      zoomOut: 'Smaller',
      togglefullscreen: 'Full screen',
    },
  },
  trainingTitle: 'A model is being trained',
  trainingDetail: 'Closing Winnow stops it. The best model so far is kept and the run can be continued later.',
  keepTraining: 'Keep training',
  closeAnyway: 'Close Winnow',
  stoppedTitle: 'Winnow cannot go on',
  chooseTitle: 'Folders with photos',
  stoppedDetail: exitCode =>
    `Its service stopped again and again (code ${exitCode}). Everything saved is safe. Start Winnow again; if this stays, run "npm run winnow -- doctor" in a terminal.`,
  works: {
    training: 'Training',
    import: 'Adding photos',
    check: 'Checking photos',
    pixels: 'Preparing pixels',
    sample: 'The sample library',
    export: 'Copying the data set',
    relink: 'Finding moved files',
    verify: 'Verifying the library',
    features: 'Making features of photos',
    classify: 'Classifying a folder',
  },
  workDone: work => `${work}: finished`,
  workFailed: work => `${work}: failed`,
  workDoneDetail: 'Open Winnow to see what came of it.',
  workFailedDetail: 'Open Winnow to see why and what to do.',
}

const korean: ShellTexts = {
  menu: {
    file: '파일',
    edit: '편집',
    view: '보기',
    window: '창',
    help: '도움말',
    commands: {
      add: '사진 추가',
      libraries: '라이브러리 목록',
      undo: '되돌리기',
      redo: '다시 하기',
      library: '라이브러리',
      clean: '정리',
      train: '학습',
      review: '검토',
      models: '모델',
      keys: '모든 키',
    },
    roles: {
      quit: 'Winnow 끝내기',
      close: '창 닫기',
      minimize: '최소화',
      cut: '잘라내기',
      copy: '복사',
      paste: '붙여넣기',
      selectAll: '모두 선택',
      resetZoom: '보통 크기',
      zoomIn: '크게',
      zoomOut: '작게',
      togglefullscreen: '전체 화면',
    },
  },
  trainingTitle: '모델을 학습하고 있습니다',
  trainingDetail:
    'Winnow를 닫으면 학습이 멈춥니다. 지금까지 가장 좋은 모델은 남아 있고, 나중에 이어서 학습할 수 있습니다.',
  keepTraining: '계속 학습',
  closeAnyway: 'Winnow 닫기',
  stoppedTitle: 'Winnow를 계속할 수 없습니다',
  chooseTitle: '사진 폴더',
  stoppedDetail: exitCode =>
    `서비스가 거듭 멈췄습니다(코드 ${exitCode}). 저장된 것은 모두 안전합니다. Winnow를 다시 시작하십시오. 계속되면 터미널에서 "npm run winnow -- doctor"를 실행하십시오.`,
  works: {
    training: '학습',
    import: '사진 추가',
    check: '사진 검사',
    pixels: '픽셀 준비',
    sample: '예제 라이브러리',
    export: '데이터 세트 복사',
    relink: '옮긴 파일 찾기',
    verify: '라이브러리 확인',
    features: '사진의 특징 만들기',
    classify: '폴더 분류',
  },
  workDone: work => `${work}: 완료`,
  workFailed: work => `${work}: 실패`,
  workDoneDetail: 'Winnow를 열어 결과를 보십시오.',
  workFailedDetail: 'Winnow를 열어 이유와 해결 방법을 보십시오.',
}

/** `locale` as Electron's app.getLocale() gives it ("ko", "en-GB"). */
export function shellTexts(locale: string): ShellTexts {
  return locale.split('-')[0] === 'ko' ? korean : english
}
