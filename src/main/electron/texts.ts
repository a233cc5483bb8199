// The few sentences that the shell itself says, in the two languages of the app.

export interface ShellTexts {
  readonly trainingTitle: string
  readonly trainingDetail: string
  readonly keepTraining: string
  readonly closeAnyway: string
  readonly stoppedTitle: string
  readonly chooseTitle: string
  stoppedDetail(exitCode: number): string
}

const english: ShellTexts = {
  trainingTitle: 'A model is being trained',
  trainingDetail: 'Closing Winnow stops it. The best model so far is kept and the run can be continued later.',
  keepTraining: 'Keep training',
  closeAnyway: 'Close Winnow',
  stoppedTitle: 'Winnow cannot go on',
  chooseTitle: 'Folders with photos',
  stoppedDetail: exitCode => `Its service stopped again and again (code ${exitCode}). Everything saved is safe. Start Winnow again; if this stays, run "npm run winnow -- doctor" in a terminal.`,
}

const korean: ShellTexts = {
  trainingTitle: '모델을 학습하고 있습니다',
  trainingDetail: 'Winnow를 닫으면 학습이 멈춥니다. 지금까지 가장 좋은 모델은 남아 있고, 나중에 이어서 학습할 수 있습니다.',
  keepTraining: '계속 학습',
  closeAnyway: 'Winnow 닫기',
  stoppedTitle: 'Winnow를 계속할 수 없습니다',
  chooseTitle: '사진 폴더',
  stoppedDetail: exitCode => `서비스가 거듭 멈췄습니다(코드 ${exitCode}). 저장된 것은 모두 안전합니다. Winnow를 다시 시작하세요. 계속되면 터미널에서 "npm run winnow -- doctor"를 실행하세요.`,
}

/** `locale` as Electron's app.getLocale() gives it ("ko", "en-GB"). */
export function shellTexts(locale: string): ShellTexts {
  return locale.split('-')[0] === 'ko' ? korean : english
}
