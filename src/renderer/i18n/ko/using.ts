// Korean: what a model is used for (a photo, a folder, another run beside it), taking the data set out, and getting ready to train.

export const using = {
  tryIt: {
    choose: '사진 고르기', camera: '카메라 사용', cameraOff: '카메라 끄기', cameraName: '카메라 사진', drop: '사진을 여기에 놓거나 붙여 넣으십시오. 고르거나 카메라를 써도 됩니다. 사진은 이 컴퓨터에 남고 라이브러리에 더하지 않습니다.',
    looking: '보는 중', unknown: '모름', guess: '그나마 {class}, {confidence}', ranking: '확신이 높은 순서의 클래스', lookFor: '근거 보기: {class}', heat: '본 곳 표시',
    heatOf: '밝은 곳이 근거입니다: {class}', noPlaces: '합성곱이 없는 신경망이라 어디를 보았는지 알 수 없습니다.', unknownBelow: '확신이 {share}보다 낮으면 "모름"', suggested: '제안: {share}',
    rule: '학습할 때와 같은 규칙으로 사진을 {size} px로 줄여 봅니다.', noCamera: '카메라를 쓸 수 없습니다.', noCameraFix: '카메라를 연결하거나 이 페이지에 허용한 뒤 다시 시도하십시오.',
  },
  classify: {
    title: '폴더 분류', text: '폴더의 모든 사진을 이 모델에 보여 줍니다. 답은 표(CSV)로 저장하며, 사진은 읽기만 합니다.', choose: '폴더 고르기', chooseText: '그 안과 하위 폴더의 사진을 모델에 보여 줍니다.',
    unsure: '확신이 {share}보다 낮은 답은 모름으로', copies: '답에 따라 나눈 사본도 만들기', copiesText: '클래스마다 폴더가 있는 새 폴더를 만듭니다. 원본은 제자리에 있습니다.', where: '둘 곳', whereText: '고른 폴더 안에 새 폴더를 만듭니다.',
    folderName: '새 폴더 이름', sortedName: '{name} 분류', start: '분류 시작', done: '{photos}에 답함, 모름 {unknown}장, 읽을 수 없음 {unread}장.', save: '답 저장 (CSV)',
  },
  dataset: {
    title: '정리한 데이터 세트 내보내기', text: '학습에 쓸 모든 사진과 그 라벨, 나누기입니다. 제외하거나 망가진 사진은 빼며, 원본은 그대로 있습니다.', list: '목록 저장 (CSV)',
    perPhoto: '학습 사진마다 바꾼 사본', changes: '바꾸는 방법', made: '바꾼 사본 {count}장을 만들었습니다.',
    copy: '폴더로 복사', folderName: '{name} 정리됨', done: '{copied}을 복사했고 {failed}장은 읽지 못했습니다. labels.csv에 목록이 있습니다.',
  },
  compare: {
    before: '이전', after: '이후', swap: '서로 바꾸기', needsTwo: '비교하려면 끝난 실행이 둘 있어야 합니다. 한 번 더 학습하십시오.', accuracy: '정확도', perClass: '검토에서 클래스별로 보기', sameSettings: '두 실행의 설정이 같습니다.',
    fixed: '{count}장 맞게 바뀜', broken: '{count}장 틀리게 바뀜', of: '둘 다 본 사진 {count}장 중', relabelled: '{count}장은 라벨이 바뀜',
    same: '새로 맞거나 틀린 답이 없습니다.', even: '맞게 바뀐 답과 틀리게 바뀐 답의 수가 같습니다.', better: '두 번째 실행이 더 낫고, 우연일 가능성은 낮습니다({chance}).', worse: '두 번째 실행이 더 나쁘고, 우연일 가능성은 낮습니다({chance}).', chance: '이만한 차이는 우연만으로도 {chance} 생깁니다.',
    chart: '{name}, 검증', summary: '{name}: 끝에서 {before} {first}, {after} {second}.',
  },
  begin: {
    with: '무엇으로 시작할까요', fresh: '새 가중치', run: '{name} ({preset})', file: '파일 (safetensors)…', fileNamed: '파일: {file}', other: '다른 파일',
    matched: '텐서 {all}개 중 {count}개가 이 가중치로 시작합니다.', nothing: '맞는 가중치가 없습니다: {preset}. 그 가중치를 만든 신경망을 고르십시오.',
    otherClasses: '다른 클래스용이라 새로 시작하는 텐서 {count}개', different: '모양이 달라 새로 시작하는 텐서 {count}개',
    missing: '가중치에 없어 새로 시작하는 텐서 {count}개', unused: '쓰지 않는 텐서 {count}개',
  },
  ready: {
    about: '걸리는 시간: 약 {time}. 계산: {device}.', guess: '걸리는 시간: 대략 {time}. 계산: {device}. 비슷한 학습 기록이 아직 없어 어림한 값입니다.', warnings: '시작하기 전에', moreWarnings: '비슷한 점 {count}개 더', clean: '정리에서 사본 보기', unlabelled: '라이브러리에서 라벨 붙이기', continues: '이 실행의 가중치로 시작합니다: {name}.', fresh: '새 가중치로 시작',
    preview: '사진을 어떻게 바꾸는지 보기', previewOf: '처음은 원래 사진이고, 나머지는 학습 중에 모델이 만날 수 있는 모습입니다.', another: '다른 사진', again: '다시 뽑기', previewAlt: '스물네 가지 모습: {name}', noPhoto: '아직 보여 줄 사진이 없습니다.',
  },
}
