// Korean: training, models and charts.

export const models = {
  train: {
    goOn: '이어서 진행',
    freezeTo: '앞의 {count}단계, {stage}까지', freezes: { backbone: '마지막 층만 배움', nothing: '모두 배움' }, trainShare: '학습 사진 중 쓸 몫', freeze: '그대로 둘 부분', backboneRate: '마지막 층 밖의 학습률 배율', fromFile: '가중치를 가져온 파일',
    groups: { photos: '신경망과 사진', learning: '배우는 방법', mixing: '사진의 무작위 변화', ending: '끝내기와 재기' }, usual: '기본: {value}', channelNames: { '3': '컬러', '1': '흑백' }, fits: { squash: '눌러서 맞춤', letterbox: '회색 여백을 두고 그대로' },
    schedules: { constant: '일정', step: '단계로', cosine: '코사인', 'one-cycle': '한 번 오르내림' }, weights: { equal: '모두 같게', balanced: '드문 클래스를 더 무겁게' }, recipes: { none: '없음', light: '약하게: 옮기기와 뒤집기', medium: '보통: 돌리기, 확대, 밝기도', strong: '강하게: 자르기, 색, 가리기도', own: '직접 정한 조합' },
    optimizer: '최적화 방법', momentum: '모멘텀', decay: '가중치 감쇠', schedule: '학습률의 변화', warmUp: '준비 구간, 전체 중 몫', floor: '끝의 학습률, 처음의 몫', stepEvery: '단계 간격, 전체 중 몫', stepFactor: '단계 배율', clip: '기울기의 최대 크기', average: '가중치 평균', labelSmoothing: '라벨 다듬기', classWeights: '클래스의 무게', precision: '중간 값을 저장하는 정밀도', precisions: { auto: '시험해 보고 정함', f32: '32비트', f16: '16비트' }, mixup: '사진 섞기, 최대', cutmix: '다른 사진 조각 붙이기', patience: '나아지지 않으면 끝낼 때까지', iterations: '끝낼 단계 수', validationSample: '에폭마다 볼 검증 사진', fromRunId: '가중치를 이어받은 실행', augmentation: '사진 변화',
    rateNow: '학습률 {rate}', stepsPerSecond: '초당 {count}단계', bestAt: '최고 {accuracy}, {epoch} 에폭',
    title: '학습', start: '학습 시작', again: '다시 학습',
    sentence: '{colour} {size} px {photos}으로 {classes}를 {epochs} 동안 학습합니다. 신경망: {preset}{augment}.',
    colour: '컬러', grey: '흑백', augmented: { light: ', 조금씩 옮기고 뒤집기', medium: ', 옮기기와 뒤집기, 돌리기와 밝기 변화', strong: ', 위치와 색과 밝기의 큰 변화', own: ', 직접 정한 변화' }, because: '이유', device: '계산: {device}', change: '바꾸기', details: '자세히',
    preset: '신경망', size: '사진 한 변, px', channels: '색', fit: '정사각형이 아닌 사진', epochs: '에폭', batch: '한 번에 보는 사진', rate: '학습률', seed: '시드', augment: '사진 변화',
    suggested: '제안대로', epoch: '에폭', of: '/ {total}', validationAccuracy: '검증 정확도', photosPerSecond: '초당 사진', timeLeft: '남은 시간', cancelling: '취소하는 중: 이 실행을 버립니다', ending: '마무리: 가장 좋은 가중치로 모든 사진을 한 번 더 봅니다',
    advice: '다음에 하면 좋은 일', pause: '일시 정지', resume: '계속', stop: '멈추고 최고 모델 유지', cancel: '취소', cancelTitle: '학습을 취소합니까?', cancelText: '모델 없이 학습을 끝냅니다. 지금까지 배운 것은 버립니다.', cancelYes: '학습 취소', cancelNo: '계속 학습',
    accuracy: '정확도', loss: '손실', now: '지금 예측', nowCount: '검증 사진 {photos}장 · 정답 {right}장', warning: '주의', waiting: '검증 사진을 처음 본 뒤에 예측이 나타납니다.', nothingLearnt: '아무것도 배우기 전에 끝난 실행입니다.',
    preparing: '픽셀 준비 중', starting: '이 GPU에 맞게 신경망을 준비하는 중', paused: '일시 정지', done: '완료', stopped: '멈춤, 최고 모델 유지', failed: '학습하지 못했습니다', cancelled: '취소됨', interrupted: '학습이 중단되었습니다',
    interruptedText: '학습하던 페이지가 닫혔습니다. 저장된 것은 그대로 있습니다.',
    emptyTitle: '사진으로 모델을 학습하는 곳입니다', emptyText: '사진이 몇 장씩 있는 클래스가 둘 이상 필요합니다. 먼저 사진을 추가하십시오.', runLine: '실행 {id} · 시드 {seed} · 라벨 개정 {revision}',
    isClass: '정답 {class}', guess: '{class} {confidence}', notBegun: '준비만 하고 시작하지 않은 실행입니다. 다른 창에서 준비하고 있지 않다면 여기에서 이어서 진행하십시오.', elsewhere: '이 페이지에서 학습하는 실행이 아닙니다. 다른 창에서도 학습하고 있지 않다면 그 페이지가 닫힌 것이며, 저장된 것은 그대로 있습니다.', leave: '학습이 진행 중입니다.', review: '틀린 사진 보기', model: '모델 열기', finishedSentence: '검증 정확도 {accuracy}, {epochs}, {time} 걸림.',
    finishedTest: '처음 보는 사진에서: {accuracy}.', photosText: '학습 {train} · 검증 {validation} · 시험 {test}',
    presets: {
      'simple-conv': '작은 합성곱 신경망', 'photo-convnet': '사진용 합성곱 신경망', 'resnet9': '9층 잔차 신경망', 'small-resnet': '작은 잔차 신경망',
      'deep-convnet': '합성곱 여섯 층과 완전 연결 두 층', 'mlp': '완전 연결 층만', 'softmax': '완전 연결 한 층', 'vgg11': '열한 층, 큼', 'vgg16': '열여섯 층, 매우 큼', 'googlenet': '갈래진 합성곱 신경망', 'resnet18': '18층 잔차 신경망', 'resnet34': '34층 잔차 신경망', 'resnet50': '50층 잔차 신경망',
    },
  },
  reasons: {},
  notes: {},
  models: {
    modes: { label: '모델로 할 일', runs: '실행', try: '써 보기', folder: '폴더 분류', compare: '비교', dataset: '데이터 세트' }, noModelYet: '이 실행에는 모델이 없습니다. 실행 목록에서 끝난 것을 고르십시오.', trainOn: '이어서 학습', tryIt: '써 보기',
    best: '지금까지 가장 좋음', emptyTitle: '모델을 보관하는 곳입니다', emptyText: '학습을 마치면 곡선과 결과가 여기에 남습니다. 이름을 바꾸고 비교하고 내보낼 수 있습니다.', rename: '이름 바꾸기', renameTitle: '실행 이름', delete: '삭제', deleteTitle: '삭제합니까? {name}', deleteText: '실행과 곡선, 가중치를 지웁니다. 사진과 라벨은 남습니다.', deleteYes: '실행 삭제',
    export: 'ONNX 내보내기', exportFolds: '꼼꼼한 검사의 모델 내보내기', exportFoldsText: '꼼꼼한 검사의 모델들을 한 파일에 담습니다. 답은 그 확률의 평균입니다.', exporting: '쓰고 비교하는 중', download: '내려받기: {file}', parity: '{engine}에서 {photos} 비교: 가장 큰 차이 {difference}, 바뀐 답 {flipped}개.', unknownBelow: '확신이 {share}보다 낮은 답은 모름이라고 파일에 적습니다. 써 보기의 값과 같습니다.', parityGood: '앱과 같은 답을 냅니다.', parityBad: '앱과 답이 다릅니다. 알려 주십시오.',
    validation: '검증', test: '시험', created: '시작', time: '걸린 시간', adapter: '계산 장치', revision: '라벨 개정', parameters: '매개변수', states: { created: '시작 전', running: '진행 중', done: '완료', stopped: '멈춤, 최고 유지', failed: '실패' }, name: '이름', state: '상태', network: '신경망', review: '검토', networkAt: '{preset}, {size} px', openTrain: '학습 과정 보기',
  },
  charts: { names: { accuracy: '정확도', loss: '손실', rate: '학습률', speed: '초당 단계' }, summaryOfSteps: '{name}: {epoch} 에폭에서 {value}.', zoomIn: '확대: {name}', zoomOut: '축소: {name}', more: '학습률과 속도', train: '학습', validation: '검증', table: '표로 보기', chart: '그래프로 보기', epoch: '에폭', summary: '{name}: {epoch} 에폭에서 학습 {train}, 검증 {validation}.', empty: '{name}: 아직 값이 없습니다.', smooth: '부드럽게', whole: '전체 보기', zoomHint: '끌어서 확대' },
}
