// Korean: what each key does.

export const keys = {
  keys: {
    title: '키', hint: '줄을 고르면 다른 키로 바꿀 수 있습니다. 글자를 입력하지 않을 때 동작합니다.', press: '새 키를 누르십시오', change: '키 바꾸기: {name}', reset: '처음 키로 되돌리기', or: '또는', everywhere: '어디서나',
    taken: '{key} 키는 이미 쓰고 있습니다: {name}', all: '모든 키',
    scopes: { app: '어디서나', photos: '사진', viewer: '사진 보기', review: '검토', train: '학습' },
    app: { undo: '되돌리기', redo: '다시 하기', sheet: '모든 키', library: '라이브러리', clean: '정리', train: '학습', review: '검토', models: '모델' },
    photos: {
      label: '라벨', clear: '라벨 지우기', choose: '이름으로 클래스 고르기', exclude: '제외', view: '보기', all: '모두 선택', none: '선택 해제',
      move: '이동', range: '선택 넓히기', search: '검색', toggle: '선택 켜고 끄기', ends: '처음과 끝', pages: '한 화면 위아래',
    },
    viewer: { close: '닫기', next: '다음', previous: '이전', zoomIn: '크게', zoomOut: '작게', fit: '사진 전체' },
    review: { accept: '제안 라벨로 바꾸기', keep: '지금 라벨 유지', exclude: '제외', unsure: '모르겠음', label: '다른 클래스', choose: '이름으로 클래스 고르기', view: '보기', heat: '모델이 본 곳', next: '다음', previous: '이전' },
    train: { pause: '일시 정지 · 계속' },
    clean: { accept: '이대로 괜찮음', later: '나중에' },
  },
}
