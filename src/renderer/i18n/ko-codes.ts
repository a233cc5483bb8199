// Korean for what the services say by code. A place in braces is one of the values the service sends with it; where a value is missing the
// English sentence is shown instead, so a new sentence of a service can only cost a translation.

interface Sentence { readonly message: string; readonly fix: string }

export const koErrors: Readonly<Record<string, Sentence>> = {
  'internal': { message: '예상하지 못한 문제가 생겼습니다.', fix: '다시 시도하십시오. 또 생기면 영어 화면의 문장과 함께 알려 주십시오.' },
  'connection-lost': { message: '서비스가 제시간에 응답하지 않았습니다.', fix: '저절로 다시 연결합니다. 그 뒤에 다시 시도하십시오.' },
  'disconnected': { message: 'Winnow와 연결이 끊어졌습니다.', fix: 'Winnow를 다시 시작하십시오. 저장된 것은 모두 그대로 있습니다.' },
  'selection-too-large': { message: '하나씩 고른 사진이 한 번에 바꿀 수 있는 수보다 많습니다.', fix: '조건에 맞는 사진을 모두 선택하거나 더 적게 고르십시오.' },
  'nothing-to-undo': { message: '되돌릴 것이 없습니다.', fix: '먼저 라벨을 붙이거나 제외하거나 나누십시오.' },
  'nothing-to-redo': { message: '다시 할 것이 없습니다.', fix: '먼저 무언가를 되돌리십시오.' },
  'bad-name': { message: '쓸 수 없는 이름입니다.', fix: '글자, 숫자, 빈칸을 쓰십시오. / \\ : * ? " < > | 와 양끝의 점은 빼십시오.' },
  'class-exists': { message: '같은 이름의 클래스가 이미 있습니다.', fix: '그 클래스를 쓰거나 다른 이름을 고르십시오.' },
  'library-exists': { message: '같은 이름의 라이브러리가 이미 있습니다.', fix: '그 라이브러리를 열거나 다른 이름을 고르십시오.' },
  'library-missing': { message: '라이브러리가 원래 자리에 없습니다.', fix: '폴더를 옮겼다면 제자리에 두거나 새 라이브러리를 만드십시오.' },
  'library-in-use': { message: '라이브러리가 다른 곳에서 열려 있습니다.', fix: '그곳에서 닫은 뒤 여기에서 여십시오.' },
  'library-too-new': { message: '더 새로운 Winnow에서 만든 라이브러리입니다.', fix: '새 Winnow로 여십시오. 라이브러리는 바뀌지 않았습니다.' },
  'library-not-writable': { message: '이 자리에 쓸 권한이 없습니다.', fix: '쓰기 권한을 주거나 다른 폴더에 만드십시오.' },
  'library-damaged': { message: '라이브러리 파일이 손상되었습니다.', fix: '폴더를 그대로 두고 "backups" 폴더의 가장 새로운 파일로 library.db를 되살리십시오.' },
  'not-a-library': { message: 'Winnow 라이브러리가 아닙니다.', fix: '이름이 .winnow로 끝나는 폴더를 고르거나 새로 만드십시오.' },
  'disk-full': { message: '디스크가 가득 차서 마지막 변경을 저장하지 못했습니다. 그 전의 것은 저장되었습니다.', fix: '공간을 비운 뒤 다시 시도하십시오.' },
  'disk-failed': { message: '디스크가 제대로 읽거나 쓰지 못했습니다.', fix: '디스크의 연결과 상태를 확인한 뒤 라이브러리를 다시 여십시오.' },
  'no-photos': { message: '고른 폴더에 사진이 없습니다.', fix: '사진이 있는 폴더를 고르십시오. 클래스마다 하위 폴더를 두면 좋습니다.' },
  'no-folder': { message: '그 폴더를 더는 알 수 없습니다.', fix: '폴더를 다시 고르십시오.' },
  'folder-missing': { message: '그 폴더가 없습니다.', fix: '경로를 확인하고, 다른 디스크에 있다면 연결하십시오.' },
  'folder-unreadable': { message: '폴더를 읽을 수 없습니다.', fix: '읽기 권한을 주거나 다른 폴더를 고르십시오.' },
  'not-a-folder': { message: '폴더가 아니라 파일입니다.', fix: '사진이 들어 있는 폴더를 고르십시오.' },
  'no-labelled-photos': { message: '쓸 수 있는 사진 중에 라벨이 붙은 것이 없습니다.', fix: '둘 이상의 클래스에 라벨을 붙인 뒤 학습하십시오.' },
  'one-class': { message: '라벨이 붙은 사진이 모두 한 클래스입니다. 분류하려면 둘 이상이 필요합니다.', fix: '다른 클래스의 사진을 더하십시오.' },
  'class-too-small': { message: '쓸 수 있는 사진이 한 장뿐인 클래스가 있습니다. 학습용과 확인용으로 두 장은 필요합니다.', fix: '그 클래스의 사진을 더하거나, 다른 라벨을 붙이거나, 제외하십시오.' },
  'class-without-training': { message: '학습용 사진이 없는 클래스가 있어 배울 수 없습니다.', fix: '그 클래스의 사진을 학습으로 옮기거나 제외하십시오.' },
  'no-validation': { message: '검증용 사진이 없어 모델이 얼마나 좋은지 알 수 없습니다.', fix: '클래스마다 몇 장을 검증으로 옮기거나, 나누기를 지우고 Winnow에 맡기십시오.' },
  'run-running': { message: '이 실행은 학습 중입니다.', fix: '먼저 멈춘 뒤 삭제하십시오.' },
  'run-over': { message: '이 실행은 이미 끝났습니다.', fix: '새로 학습하십시오.' },
  'no-checkpoint': { message: '저장된 가중치가 없습니다.', fix: '한 에폭 이상 학습하거나 다른 실행을 고르십시오.' },
  'no-predictions': { message: '이 실행에는 예측이 없습니다.', fix: '끝까지 학습하거나 다른 실행을 고르십시오.' },
  'prepare-stopped': { message: '사진 준비를 멈추었습니다. 마친 것은 남아 있습니다.', fix: '다시 학습을 시작하면 이어집니다.' },
  'diverged': { message: '학습이 발산해 멈추었습니다.', fix: '학습률을 낮추어 다시 학습하십시오.' },
  'device-lost': { message: '학습 중에 GPU 연결이 끊어졌습니다.', fix: '다시 학습하십시오. 저장된 것은 그대로 있습니다.' },
  'out-of-memory': { message: 'GPU 메모리가 모자랍니다.', fix: '한 번에 보는 사진 수나 사진 크기를 줄이십시오.' },
}

export const koProblems: Readonly<Record<string, string>> = {
  'empty': '파일이 비어 있습니다({file}).',
  'not-an-image': '이름과 달리 이미지가 아닙니다({file}).',
  'truncated': '파일이 일찍 끝나거나 일부가 손상되었습니다({file}). 보여 주기는 하지만 학습에 쓰지 않습니다.',
  'too-large': '안전하게 읽을 수 있는 크기보다 큽니다({file}).',
  'unsupported': '{format} 형식은 여기서 지원하지 않습니다({file}). JPEG나 PNG로 저장해 다시 가져오십시오.',
  'unreadable': '파일을 읽을 수 없습니다({file}): {why}.',
  'changed-while-read': '읽는 동안 파일이 바뀌었습니다({file}). 쓰기가 끝난 뒤 다시 가져오십시오.',
  'decoder-crashed': '이 파일을 읽다가 해석기가 두 번 멈추어 건너뛰었습니다({file}).',
  'decoder-slow': '읽는 데 {seconds}초가 넘게 걸려 건너뛰었습니다({file}).',
  'missing': '파일이 원래 자리에 없습니다({file}).',
  'wrong-extension': '이름의 형식과 내용의 형식({format})이 다릅니다({file}). 내용에 따라 읽습니다.',
  'dark': '가장 밝은 부분도 어둡습니다.',
  'light': '가장 어두운 부분도 거의 흽니다.',
  'blurry': '뚜렷한 윤곽이 거의 없습니다.',
  'low-information': '거의 한두 가지 색뿐입니다.',
  'odd-aspect': '가로와 세로의 차이가 매우 큽니다.',
  'odd-size': '다른 사진들과 크기가 많이 다릅니다.',
  'greyscale': '색이 없는 사진입니다.',
  'exact-duplicate': '똑같은 사진이 더 있습니다.',
  'near-duplicate': '거의 같은 사진이 더 있습니다.',
  'outlier': '같은 클래스의 다른 사진들과 많이 다릅니다.',
  'unlike-class': '다른 클래스의 사진에 더 가깝습니다.',
}

export const koReasons: Readonly<Record<string, string>> = {
  'preset-small-grey': 'simple-conv: 작은 흑백 그림 {classes}가지에는 더 큰 신경망이 필요하지 않습니다.',
  'preset-photos': 'photo-convnet: 사진에 맞춘 신경망으로, 클래스 {classes}개를 처음부터 배웁니다.',
  'size-of-photos': '한 변 {size} px: 대부분의 사진이 {medianSide} px을 넘지 않습니다.',
  'size-default': '한 변 {size} px: 대부분을 구별하기에 충분하고 빨리 배웁니다.',
  'grey': '흑백: 모든 사진에 색이 없습니다.',
  'colour': '컬러: 사진에 색이 있습니다.',
  'epochs': '{epochs} 에폭: 사진 {photos}장을 각각 {epochs}번 봅니다. 대체로 이쯤에서 더 나아지지 않습니다.',
}

export const koAdvice: Readonly<Record<string, string>> = {
  'confused-pair': '가장 자주 헷갈리는 두 클래스: {first}, {second}. 틀린 사진 {mistakes}장 중 {photos}장이 여기에 있습니다. 이 사진들의 라벨을 먼저 보거나 클래스를 나누십시오.',
  'few-photos': '학습 사진이 적은 클래스: {name}. 보통 {typical}장인데 {photos}장뿐이고, 그중 {recall} %만 찾아냅니다. 이 클래스의 사진을 더하면 좋아집니다.',
  'overfit': '학습한 사진은 {known} %, 새 사진은 {unseen} % 맞힙니다. 사진을 외운 상태이므로 사진을 더하거나 옮기기와 뒤집기를 켜면 가장 도움이 됩니다.',
  'wide-interval': '검증 사진이 {photos}장이라 실제 정확도는 {low} ~ {high} % 사이일 수 있습니다. 검증 사진이 더 있으면 분명해집니다.',
  'too-sure': '평균 {error}점만큼 지나치게 확신합니다. 확신을 그대로 확률로 읽지 마십시오(온도 {temperature}).',
}
export const koNotes: Readonly<Record<string, string>> = {}
