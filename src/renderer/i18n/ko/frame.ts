// Korean: the frame, errors, jobs, settings. Polite plain style; no particles after names that are not known here.

export const frame = {
  stages: { label: '단계', library: '라이브러리', clean: '정리', train: '학습', review: '검토', models: '모델', skip: '사진으로 건너뛰기' },
  common: {
    cancel: '취소', close: '닫기', undo: '되돌리기', redo: '다시 하기', retry: '다시 시도', open: '열기', save: '저장', delete: '삭제', back: '뒤로',
    next: '다음', previous: '이전', more: '자세히', less: '간단히', none: '없음', all: '전체', loading: '불러오는 중', done: '완료',
    photos: '사진 {count}장', classes: '클래스 {count}개', epochs: '{count} 에폭', showLeft: '목록 보기', showRight: '자세한 정보 보기',
    copy: '복사', copied: '복사했습니다', plusMinus: '± {value}',
  },
  splits: { train: '학습', validation: '검증', test: '시험', none: '나누지 않음' },
  connection: {
    lost: '서비스가 응답하지 않습니다. 저절로 다시 연결하며, 저장된 것은 그대로 있습니다.',
    back: '서비스가 다시 응답합니다.',
    refused: '이 페이지는 서비스에 연결할 수 없습니다. 주소에 올바른 열쇠가 없습니다. "winnow serve"가 알려 준 주소를 여십시오.',
    connecting: '서비스에 연결하는 중',
  },
  gpu: {
    chip: 'GPU: {name}', cpu: 'CPU만 사용', looking: 'GPU 찾는 중', title: '계산 장치', software: '소프트웨어 어댑터',
    softwareText: '이 컴퓨터는 GPU가 할 일을 프로세서로 계산합니다. 모두 동작하지만 학습이 느립니다.',
    adapter: '어댑터', lost: '학습 중에 GPU 연결이 끊어졌습니다. 마지막으로 저장한 단계부터 이어서 학습했습니다.',
    noneTitle: 'GPU를 찾지 못해 프로세서로 학습합니다. 더 느리지만 결과는 같습니다.',
    noneFix: '그래픽 드라이버를 업데이트하십시오. Chrome에서는 설정의 "그래픽 가속 사용"을 켜고, 리눅스에서는 chrome://flags/#enable-vulkan 도 켜십시오.',
    how: 'GPU를 쓰는 방법', reason: '브라우저의 설명: {reason}',
    noApi: '이 브라우저에는 WebGPU가 없습니다', noAdapter: '쓸 수 있는 어댑터가 없습니다', failed: '어댑터를 사용할 수 없습니다',
    imitated: '쓸 수 있는 GPU가 없어 흉내만 내는데, 그러면 프로세서만 쓸 때보다 느립니다',
    chosenText: '여기에서 정한 대로 프로세서로 학습합니다.', processor: '프로세서', choice: '계산할 곳', choices: { auto: '가장 빠른 것', gpu: 'GPU', processor: '프로세서' }, choiceText: '그래픽 드라이버에 문제가 있을 때는 프로세서를 쓰십시오. 이미 진행 중인 학습은 그대로 이어집니다.',
  },
  jobs: {
    chip: '작업 {count}개', idle: '작업 없음', title: '작업', left: '{time} 남음', rate: '초당 {count}장', of: '{total} 중 {done}',
    pause: '일시 정지', resume: '계속', cancel: '취소', empty: '진행 중인 작업이 없습니다. 가져오기와 검사가 진행되는 동안 여기에 나타납니다.',
    training: '학습', dismiss: '끝난 작업 지우기',
    kinds: { import: '사진 추가', check: '사진 검사', pixels: '픽셀 준비', sample: '예제 라이브러리 만들기', export: '데이터 세트 복사', relink: '옮긴 파일 찾기', verify: '라이브러리 확인', classify: '폴더 분류' },
    states: { queued: '대기', running: '진행 중', paused: '일시 정지', done: '완료', cancelled: '취소됨', failed: '실패' },
    finished: { import: '사진 {count}장을 추가했습니다', check: '사진 검사를 마쳤습니다', pixels: '픽셀이 준비되었습니다', sample: '예제 라이브러리가 준비되었습니다', export: '데이터 세트를 복사했습니다', relink: '옮긴 파일을 찾아보았습니다', verify: '라이브러리를 확인했습니다', classify: '사진 {count}장을 분류했습니다' },
  },
  settings: {
    title: '설정', theme: '테마', system: '시스템과 같게', dark: '어둡게', light: '밝게', language: '언어', keys: '키',
    singleKeys: '글자와 숫자 키 사용', singleKeysText: '음성 입력이나 습관 때문에 잘못 눌린다면 끄십시오.',
    advance: '결정한 뒤 다음 사진으로 이동', shortcuts: '모든 키',
  },
  errors: {
    title: '처리하지 못했습니다', fix: '해결 방법', unknownPage: '없는 페이지입니다', notFound: 'Winnow에 없는 주소입니다.',
  },
  decisions: {
    label: '사진 {count}장의 라벨을 바꾸었습니다: {class}',
    unlabel: '사진 {count}장의 라벨을 지웠습니다',
    exclude: '사진 {count}장을 제외했습니다',
    include: '사진 {count}장을 다시 포함했습니다',
    split: '사진 {count}장을 옮겼습니다: {split}',
    unsplit: '사진 {count}장의 나누기를 지웠습니다',
    keep: '다른 사본을 남깁니다',
    accept: '사진 {count}장을 그대로 두기로 했습니다({problem})',
    unaccept: '사진 {count}장을 다시 살펴보기로 했습니다({problem})',
    'class-create': '클래스를 만들었습니다: {class}', 'class-rename': '클래스 이름을 바꾸었습니다: {was} → {class}',
    'class-merge': '클래스를 합쳤습니다: {was} → {class}, 사진 {count}장', 'class-delete': '클래스를 삭제했습니다: {class}',
    undone: '되돌렸습니다: {text}', redone: '다시 했습니다: {text}', nothing: '바뀐 것이 없습니다. 이미 그 상태입니다.',
  },
}
