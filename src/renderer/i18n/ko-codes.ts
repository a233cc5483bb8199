// Korean for what the services say by code. A place in braces is one of the values the service sends with it; where a
// value is missing the English sentence is shown instead, so a new sentence of a service can only cost a translation.

interface Sentence {
  readonly message: string
  readonly fix: string
}

const otherPhoto = '다른 파일을 고르거나 사진 편집기에서 JPEG나 PNG로 저장하십시오.'

export const koErrors: Readonly<Record<string, Sentence>> = {
  internal: {
    message: '예상하지 못한 문제가 생겼습니다.',
    fix: '다시 시도하십시오. 또 생기면 영어 화면의 문장과 함께 알려 주십시오.',
  },
  'connection-lost': {
    message: '서비스가 제시간에 응답하지 않았습니다.',
    fix: '저절로 다시 연결합니다. 그 뒤에 다시 시도하십시오.',
  },
  disconnected: {
    message: 'Winnow와 연결이 끊어졌습니다.',
    fix: 'Winnow를 다시 시작하십시오. 저장된 것은 모두 그대로 있습니다.',
  },
  'selection-too-large': {
    message: '하나씩 고른 사진이 한 번에 바꿀 수 있는 수보다 많습니다.',
    fix: '조건에 맞는 사진을 모두 선택하거나 더 적게 고르십시오.',
  },
  'nothing-to-undo': { message: '되돌릴 것이 없습니다.', fix: '먼저 라벨을 붙이거나 제외하거나 나누십시오.' },
  'taken-back': { message: '이미 되돌린 결정입니다.', fix: '더 할 일이 없습니다.' },
  'decided-since': { message: '그 뒤에 이 결정 위에서 다른 결정을 했습니다.', fix: '그 결정을 먼저 되돌리십시오.' },
  'nothing-to-redo': { message: '다시 할 것이 없습니다.', fix: '먼저 무언가를 되돌리십시오.' },
  'bad-name': {
    message: '쓸 수 없는 이름입니다.',
    fix: '글자, 숫자, 빈칸을 쓰십시오. / \\ : * ? " < > | 와 보이지 않는 글자, 양끝의 점은 빼십시오.',
  },
  'class-exists': { message: '같은 이름의 클래스가 이미 있습니다.', fix: '그 클래스를 쓰거나 다른 이름을 고르십시오.' },
  'library-exists': {
    message: '같은 이름의 라이브러리가 이미 있습니다.',
    fix: '그 라이브러리를 열거나 다른 이름을 고르십시오.',
  },
  'name-taken': { message: '폴더를 만들 자리에 파일이 있습니다.', fix: '다른 이름을 고르거나 그 파일을 옮기십시오.' },
  'library-missing': {
    message: '라이브러리가 원래 자리에 없습니다.',
    fix: '폴더를 제자리에 두거나 디스크를 연결하고, 아니면 새 라이브러리를 만드십시오.',
  },
  'library-in-use': { message: '라이브러리가 다른 곳에서 열려 있습니다.', fix: '그곳에서 닫은 뒤 여기에서 여십시오.' },
  'library-too-new': {
    message: '더 새로운 Winnow에서 만든 라이브러리입니다.',
    fix: '새 Winnow로 여십시오. 라이브러리는 바뀌지 않았습니다.',
  },
  'library-not-writable': {
    message: '이 자리에 쓸 권한이 없습니다.',
    fix: '쓰기 권한을 주거나 다른 폴더에 만드십시오.',
  },
  'library-damaged': {
    message: '라이브러리 파일이 손상되었습니다.',
    fix: '폴더를 그대로 두고 "backups" 폴더의 가장 새로운 파일로 library.db를 되살리십시오.',
  },
  'check-ended': {
    message: '라이브러리 파일의 검사가 끝나기 전에 멈추었습니다.',
    fix: '다시 시도하십시오. 또 생기면 영어 화면의 문장과 함께 알려 주십시오.',
  },
  'not-a-library': {
    message: 'Winnow 라이브러리가 아닙니다.',
    fix: '라이브러리였다면 "backups" 폴더의 가장 새로운 파일로 library.db를 되살리고, 아니라면 다른 폴더를 고르십시오.',
  },
  'backup-failed': {
    message: '백업을 만들지 못했습니다. 라이브러리에 있는 것은 모두 저장되어 있습니다.',
    fix: '디스크의 공간과 쓰기 권한을 확인한 뒤 다시 시도하십시오.',
  },
  'disk-full': {
    message: '디스크가 가득 차서 마지막 변경을 저장하지 못했습니다. 그 전의 것은 저장되었습니다.',
    fix: '공간을 비운 뒤 다시 시도하십시오.',
  },
  'disk-failed': {
    message: '디스크가 제대로 읽거나 쓰지 못했습니다.',
    fix: '디스크의 연결과 상태를 확인한 뒤 라이브러리를 다시 여십시오.',
  },
  'no-photos': {
    message: '고른 폴더에 사진이 없습니다.',
    fix: '사진이 있는 폴더를 고르십시오. 클래스마다 하위 폴더를 두면 좋습니다.',
  },
  'no-folder': { message: '그 폴더를 더는 알 수 없습니다.', fix: '폴더를 다시 고르십시오.' },
  'folder-missing': { message: '그 폴더가 없습니다.', fix: '경로를 확인하고, 다른 디스크에 있다면 연결하십시오.' },
  'folder-unreadable': { message: '폴더를 읽을 수 없습니다.', fix: '읽기 권한을 주거나 다른 폴더를 고르십시오.' },
  'not-a-folder': { message: '폴더가 아니라 파일입니다.', fix: '사진이 들어 있는 폴더를 고르십시오.' },
  'no-labelled-photos.empty': {
    message: '라이브러리에 아직 사진이 없습니다.',
    fix: '클래스마다 하위 폴더가 있는 폴더를 추가한 뒤 학습하십시오.',
  },
  'no-labelled-photos.mixed': {
    message:
      '사진 {all}장 중 배울 수 있는 것이 없습니다. 없어진 파일 {missing}, 망가진 파일 {broken}, 제외 {excluded}, 라벨 없음 {unlabelled}.',
    fix: '없어진 사진을 찾고, 나머지는 라벨을 붙이거나 다시 포함하십시오.',
  },
  'photos-missing.all': {
    message: '이 라이브러리의 사진 {count}장이 모두 원래 자리에 없습니다.',
    fix: '디스크를 연결하거나 폴더를 제자리에 두거나, “옮긴 사진 찾기”로 지금 있는 자리를 알려 주십시오.',
  },
  'no-labelled-photos': {
    message: '쓸 수 있는 사진 중에 라벨이 붙은 것이 없습니다.',
    fix: '둘 이상의 클래스에 라벨을 붙인 뒤 학습하십시오.',
  },
  'one-class': {
    message: '라벨이 붙은 사진 {photos}장이 모두 한 클래스 “{class}”입니다. 분류하려면 둘 이상이 필요합니다.',
    fix: '다른 클래스의 사진을 더하십시오.',
  },
  'class-too-small': {
    message:
      '쓸 수 있는 사진이 한 장뿐이거나 모두 같은 사진인 클래스: {classes}. 학습용과 확인용으로 서로 다른 두 장은 필요합니다.',
    fix: '그 클래스의 사진을 더하거나, 다른 라벨을 붙이거나, 제외하십시오.',
  },
  'class-without-training': {
    message: '학습용 사진이 없어 배울 수 없는 클래스: {classes}.',
    fix: '그 클래스의 사진을 학습으로 옮기거나 제외하십시오.',
  },
  'no-validation': {
    message: '검증용 사진이 없어 모델이 얼마나 좋은지 알 수 없습니다.',
    fix: '클래스마다 몇 장을 검증으로 옮기거나, 데이터 분할을 지우고 Winnow에 맡기십시오.',
  },
  'run-running': { message: '이 실행은 학습 중입니다.', fix: '먼저 멈춘 뒤 삭제하십시오.' },
  'run-over': { message: '이 실행은 이미 끝났습니다.', fix: '새로 학습하십시오.' },
  'no-checkpoint': { message: '저장된 가중치가 없습니다.', fix: '한 에폭 이상 학습하거나 다른 실행을 고르십시오.' },
  'no-predictions': { message: '이 실행에는 예측이 없습니다.', fix: '끝까지 학습하거나 다른 실행을 고르십시오.' },
  'damaged-file': {
    message: '파일이 기록된 내용과 다릅니다. 체크섬이 맞지 않아 쓰지 않습니다: {path}',
    fix: '라이브러리 사본에서 되돌리거나 다시 학습하십시오. 바이트가 바뀌는 디스크는 점검이 필요합니다.',
  },
  'no-embeddings': { message: '이 실행에는 사진의 특징이 없습니다.', fix: '끝까지 학습하거나 다른 실행을 고르십시오.' },
  'not-in-run': { message: '이 실행에 없던 사진입니다.', fix: '다시 학습하거나 다른 사진을 고르십시오.' },
  'no-backbone': {
    message: '그 백본은 이 컴퓨터에 없습니다.',
    fix: '백본 목록에서 가져오거나 파일로 추가하십시오. 내장 백본은 npm run build:backbone으로 만듭니다.',
  },
  'wrong-hash': {
    message: '가져온 파일이 Winnow가 아는 파일과 달라 버렸습니다.',
    fix: '다시 시도하십시오. 되풀이되면 그곳의 파일이 바뀐 것입니다.',
  },
  'fetch-failed': {
    message: '백본을 가져오지 못했습니다.',
    fix: '연결을 확인하고 다시 시도하십시오. 받은 만큼은 남아 있습니다.',
  },
  'features-stopped': {
    message: '특징 만들기를 멈췄습니다. 만든 것은 남아 있습니다.',
    fix: '다시 시작하면 이어집니다.',
  },
  'bad-features': {
    message: '특징에 숫자가 아닌 값이 있어 저장하지 않았습니다.',
    fix: '다른 백본을 쓰거나 다른 장치에서 계산하십시오.',
  },
  'stale-check': { message: '더 새로운 라벨 검사가 시작되었습니다.', fix: '새 검사가 끝나기를 기다리십시오.' },
  'no-features': {
    message: '아직 사진의 특징이 계산되지 않았습니다.',
    fix: '검토에서 “지금 틀린 라벨 찾기”를 누르면 계산합니다.',
  },
  'no-folds': { message: '꼼꼼한 검사가 아직 끝나지 않았습니다.', fix: '꼼꼼한 검사를 끝까지 마치십시오.' },
  'too-few-for-folds': {
    message: '사진이 너무 적어 나누어 검사할 수 없는 클래스가 있습니다.',
    fix: '나누는 수를 줄이거나, 그 클래스의 사진을 더하십시오.',
  },
  'prepare-stopped': {
    message: '사진 준비를 멈추었습니다. 마친 것은 남아 있습니다.',
    fix: '다시 학습을 시작하면 이어집니다.',
  },
  'cannot-resume': {
    message: '이 실행은 이어서 할 수 없습니다.',
    fix: '새로 학습하십시오. 이 실행의 가중치로 시작할 수 있습니다.',
  },
  'folder-not-empty': {
    message: '그 폴더가 비어 있지 않습니다. 안에 있는 것은 바꾸지 않습니다.',
    fix: '다른 이름을 쓰거나 빈 폴더를 고르십시오.',
  },
  'copies-inside': { message: '고른 자리가 원본 사진 폴더 안에 있습니다.', fix: '그 폴더 바깥의 자리를 고르십시오.' },
  'no-visitor': { message: '이 사진은 더 보관하고 있지 않습니다.', fix: '사진을 다시 고르십시오.' },
  'no-answers': { message: '이 작업에는 답이 없습니다.', fix: '끝날 때까지 기다리거나 폴더를 다시 분류하십시오.' },
  'no-temporary-folder': {
    message: '임시 폴더를 만들 수 없습니다.',
    fix: '임시 폴더가 있는 디스크에 자리를 만들거나 TMPDIR(Windows는 TEMP)로 다른 폴더를 정하십시오.',
  },
  'no-column': {
    message: '그런 열이 없거나 무늬를 읽을 수 없습니다.',
    fix: 'class, folder, format, shape, size, problem 가운데 하나나 /patient-(\\d+)/ 같은 무늬를 쓰십시오.',
  },
  'bad-shares': { message: '세 몫이 모두 0입니다.', fix: '70, 15, 15처럼 적으십시오.' },
  'no-version': { message: '그런 버전이 없습니다.', fix: '목록에 있는 버전을 고르십시오.' },
  'version-exists': {
    message: '같은 이름의 버전이 이미 있습니다.',
    fix: '다른 이름을 쓰거나 그 버전을 먼저 지우십시오.',
  },
  'no-export': { message: '그런 내보내기가 없습니다.', fix: '모델을 다시 내보내십시오.' },
  diverged: { message: '학습이 발산해 멈추었습니다.', fix: '학습률을 낮추어 다시 학습하십시오.' },
  'run-interrupted': {
    message: '학습하던 창이나 Winnow가 학습이 끝나기 전에 닫혔습니다.',
    fix: '저장된 곳이 있으면 이어서 진행하고, 없으면 다시 학습하십시오.',
  },
  'device-lost': {
    message: '학습 중에 GPU 연결이 끊어졌습니다.',
    fix: '다시 학습하십시오. 저장된 것은 그대로 있습니다.',
  },
  'bad-argument': { message: '설정에 맞지 않는 값이 있습니다.', fix: '제안된 설정으로 되돌린 뒤 다시 시도하십시오.' },
  'bad-settings': {
    message: '함께 쓸 수 없는 설정이 있습니다.',
    fix: '바꾼 설정을 하나씩 되돌려 보거나 제안된 설정을 쓰십시오.',
  },
  'bad-request': {
    message: '여기서 받을 수 없는 값이 있어 하지 못했습니다.',
    fix: '값을 확인하고, 그래도 안 되면 페이지를 새로 고치십시오.',
  },
  'bad-state': { message: '지금은 할 수 없는 일입니다.', fix: '페이지를 새로 고친 뒤 다시 시도하십시오.' },
  'bad-checkpoint': {
    message: '가중치 파일이 손상되었거나 이 신경망의 것이 아닙니다.',
    fix: '다른 실행이나 파일을 고르십시오.',
  },
  'bad-data': { message: '사진의 크기가 이 모델과 맞지 않습니다.', fix: '사진을 다시 고르거나 다시 학습하십시오.' },
  'bad-csv.quote': {
    message: '목록 {name}: {line}번째 줄에서 연 따옴표가 닫히지 않거나 잘못된 자리에 있습니다.',
    fix: '따옴표는 칸 전체를 감싸고, 안의 따옴표는 두 번 쓰십시오.',
  },
  'bad-csv.no-file': {
    message: '목록 {name}: {line}번째 줄에 파일이 없습니다.',
    fix: '그 줄에 사진의 경로를 쓰거나 줄을 지우십시오.',
  },
  'bad-csv.split': {
    message: '목록 {name}: {line}번째 줄의 데이터 분할 “{split}”은(는) 학습, 검증, 테스트 중 어느 것도 아닙니다.',
    fix: 'train, validation, test 중 하나로 고치십시오.',
  },
  'bad-csv.none-there': {
    message: '목록 {name}의 경로 {count}개 중 있는 파일이 없습니다. 첫 번째는 {line}번째 줄의 “{first}”입니다.',
    fix: '목록을 사진 옆에 두거나, 사진이 든 폴더와 함께 추가하십시오.',
  },
  'bad-csv': {
    message: '표(CSV)를 읽을 수 없습니다.',
    fix: '첫 줄에 열 이름이 있는지, 따옴표가 짝이 맞는지 확인하십시오.',
  },
  'bad-zip': { message: '압축 파일이 온전하지 않습니다.', fix: '파일을 다시 받거나 다시 압축하십시오.' },
  'zip-encrypted': { message: '암호가 걸린 압축 파일입니다.', fix: '압축을 푼 뒤 폴더를 추가하십시오.' },
  'zip-method': {
    message: '여기서 읽을 수 없는 방식으로 압축한 파일입니다.',
    fix: '압축을 푼 뒤 폴더를 추가하십시오.',
  },
  'bad-recipe': {
    message: '사진 변화의 조합에 잘못된 곳이 있습니다.',
    fix: '준비된 조합을 고르거나 파일을 고치십시오.',
  },
  'bad-model': { message: '이 신경망은 쓸 수 없는 모양입니다.', fix: '다른 신경망이나 더 큰 사진을 고르십시오.' },
  'shape-mismatch': {
    message: '한 변이 {size} px인 사진은 이 신경망({preset})에 너무 작습니다. {least} px 이상이어야 합니다.',
    fix: '{least} px 이상으로 하거나 더 작은 신경망을 고르십시오.',
  },
  'net-too-large': {
    message: '이 신경망({preset})에는 {most} px보다 큰 사진이 필요합니다.',
    fix: '다른 신경망을 고르십시오.',
  },
  'unknown-net': { message: '모르는 신경망입니다.', fix: '목록에 있는 신경망을 고르십시오.' },
  'bad-folds': { message: '사진을 그렇게 나눌 수 없습니다.', fix: '모델 수를 바꾸어 다시 시작하십시오.' },
  'bad-predictions': { message: '예측이 이 실행의 사진과 맞지 않습니다.', fix: '다시 학습하십시오.' },
  'bad-embeddings': { message: '사진의 특징이 이 실행과 맞지 않습니다.', fix: '다시 학습하십시오.' },
  'bad-margins': { message: '학습 기록이 이 실행의 사진과 맞지 않습니다.', fix: '다시 학습하십시오.' },
  'bad-probabilities': {
    message: '확률이 0과 1 사이가 아니거나 합이 1이 아닙니다.',
    fix: '다른 도구에서 클래스마다 확률을 다시 내보내십시오.',
  },
  'bad-range': { message: '이 실행에 없는 사진을 물었습니다.', fix: '페이지를 새로 고치십시오.' },
  'foreign-checkpoint': { message: '다른 실행의 가중치입니다.', fix: '이 실행의 가중치를 쓰십시오.' },
  cancelled: { message: '취소했습니다.', fix: '필요하면 다시 시작하십시오.' },
  'cannot-reveal': { message: '여기서는 파일 관리자를 열 수 없습니다.', fix: '사진의 이름과 폴더로 직접 찾으십시오.' },
  'class-in-use': {
    message: '아직 사진이 있는 클래스입니다.',
    fix: '사진을 다른 클래스로 옮기거나 다른 클래스와 합치십시오.',
  },
  'decoder-closed': { message: '사진을 읽던 중에 해석기가 닫혔습니다.', fix: '작업을 다시 시작하십시오.' },
  'decoder-not-started': {
    message: '사진을 읽는 해석기를 시작하지 못했습니다.',
    fix: '터미널에서 npm install 을 다시 하고 Winnow를 다시 시작하십시오.',
  },
  'labels-changed': {
    message: '사본을 만들다 멈춘 뒤에 라벨이 바뀌었습니다.',
    fix: '그 폴더를 지우거나 다른 이름으로 다시 복사하십시오.',
  },
  'job-over': { message: '이미 끝난 작업입니다.', fix: '처음부터 다시 시작하십시오.' },
  'model-not-runnable': {
    message: '내보낸 모델이 다른 프로그램에서 실행되지 않았습니다.',
    fix: '다시 내보내고, 또 그러면 알려 주십시오.',
  },
  'no-class': { message: '그 클래스가 더는 없습니다.', fix: '다른 클래스를 고르십시오.' },
  'no-common-photos': {
    message: '두 실행이 함께 본 사진이 없습니다.',
    fix: '다른 실행이나 다른 데이터 분할을 고르십시오.',
  },
  'no-copies': { message: '이 사진에는 사본이 없습니다.', fix: '다시 검사하십시오.' },
  'no-evidence': { message: '그 검사 결과가 더는 없습니다.', fix: '다시 검사하십시오.' },
  'no-gpu': { message: 'GPU가 없습니다.', fix: '그래픽 드라이버를 설치하십시오.' },
  'no-job': { message: '그 작업이 이 라이브러리에 없습니다.', fix: '작업 목록을 다시 여십시오.' },
  'no-library': { message: '열린 라이브러리가 없습니다.', fix: '라이브러리를 열거나 새로 만드십시오.' },
  'no-margins': { message: '이 실행에는 학습 기록이 없습니다.', fix: '한 에폭 이상 학습하십시오.' },
  'no-photo': { message: '그 사진이 이 라이브러리에 없습니다.', fix: '목록을 다시 읽고 다른 사진을 고르십시오.' },
  'no-preview': { message: '이 사진은 미리 볼 수 없습니다.', fix: '다른 사진을 고르십시오.' },
  'no-run': { message: '그 실행이 이 라이브러리에 없습니다.', fix: '모델에서 다른 실행을 고르십시오.' },
  'not-doubted': {
    message: '이 실행이 답하지 않았거나 라벨이 없는 사진입니다.',
    fix: '라이브러리에서 라벨을 붙이십시오.',
  },
  'no-suspect': { message: '의심되는 사진의 목록에 없는 사진입니다.', fix: '목록을 다시 여십시오.' },
  'no-thumbnail': { message: '작은 그림을 만들 수 없는 파일입니다.', fix: '정리에서 이유를 보십시오.' },
  'nothing-to-check': { message: '검사할 라벨이 없습니다.', fix: '사진에 라벨을 붙이고 다시 학습하십시오.' },
  'other-classes': { message: '두 실행의 클래스가 다릅니다.', fix: '같은 클래스를 배운 실행을 고르십시오.' },
  'photo-missing': {
    message: '사진 파일이 원래 자리에 없습니다.',
    fix: '파일을 제자리에 두거나 옮긴 파일을 찾으십시오.',
  },
  'photos-missing': {
    message: '이 실행의 사진 중 일부가 원래 자리에 없습니다.',
    fix: '파일을 제자리에 두거나 옮긴 파일을 찾으십시오.',
  },
  'pixels-missing': { message: '준비한 픽셀이 없거나 손상되었습니다.', fix: '다시 시작하면 사진에서 새로 만듭니다.' },
  'shader-failed': {
    message: '이 GPU의 드라이버가 계산을 준비하지 못했습니다.',
    fix: '그래픽 드라이버를 업데이트하십시오.',
  },
  'too-few-sizes': {
    message: '비교할 만큼 사진 수가 다른 실행이 없습니다.',
    fix: '사진 수를 달리하여 세 번 이상 학습하십시오.',
  },
  'too-large': { message: '보낸 것이 너무 큽니다.', fix: '더 작은 파일을 쓰십시오.' },
  empty: { message: '파일이 비어 있습니다.', fix: otherPhoto },
  'not-an-image': { message: '이름과 달리 이미지가 아닙니다.', fix: otherPhoto },
  truncated: { message: '파일이 일찍 끝나거나 일부가 손상되었습니다.', fix: otherPhoto },
  unsupported: { message: '여기서 지원하지 않는 형식입니다.', fix: otherPhoto },
  unreadable: { message: '파일을 읽을 수 없습니다.', fix: otherPhoto },
  'changed-while-read': { message: '읽는 동안 파일이 바뀌었습니다.', fix: '쓰기가 끝난 뒤 다시 고르십시오.' },
  'decoder-crashed': { message: '이 파일을 읽다가 해석기가 두 번 멈추었습니다.', fix: otherPhoto },
  'decoder-slow': { message: '이 파일을 읽는 데 너무 오래 걸립니다.', fix: otherPhoto },
  missing: { message: '파일이 그 자리에 없습니다.', fix: '파일을 다시 고르십시오.' },
  'too-many-calls': { message: '한꺼번에 너무 많은 것을 물었습니다.', fix: '잠시 뒤에 다시 시도하십시오.' },
  'out-of-memory': { message: 'GPU 메모리가 모자랍니다.', fix: '한 번에 보는 사진 수나 사진 크기를 줄이십시오.' },
}

export const koProblems: Readonly<Record<string, string>> = {
  empty: '파일이 비어 있습니다({file}).',
  'not-an-image': '이름과 달리 이미지가 아닙니다({file}).',
  truncated: '파일이 일찍 끝나거나 일부가 손상되었습니다({file}). 보여 주기는 하지만 학습에 쓰지 않습니다.',
  'too-large': '안전하게 읽을 수 있는 크기보다 큽니다({file}).',
  unsupported: '{format} 형식은 여기서 지원하지 않습니다({file}). JPEG나 PNG로 저장해 다시 가져오십시오.',
  unreadable: '파일을 읽을 수 없습니다({file}): {why}.',
  'changed-while-read': '읽는 동안 파일이 바뀌었습니다({file}). 쓰기가 끝난 뒤 다시 가져오십시오.',
  'decoder-crashed': '이 파일을 읽다가 해석기가 두 번 멈추어 건너뛰었습니다({file}).',
  'decoder-slow': '읽는 데 너무 오래 걸려 건너뛰었습니다({file}).',
  missing: '파일이 원래 자리에 없습니다({file}).',
  'wrong-extension': '이름의 형식과 내용의 형식({format})이 다릅니다({file}). 내용에 따라 읽습니다.',
  dark: '가장 밝은 부분도 어둡습니다(점수 {score}, 기준 {threshold}).',
  light: '가장 어두운 부분도 거의 흽니다(점수 {score}, 기준 {threshold}).',
  blurry: '선명한 곳이 거의 없습니다(점수 {score}, 기준 {threshold}).',
  'low-information': '거의 한두 가지 색뿐입니다(점수 {score}, 기준 {threshold}).',
  'odd-aspect': '가로와 세로의 차이가 매우 큽니다(점수 {score}, 기준 {threshold}).',
  'odd-size': '{width} x {height} px의 작은 사진입니다(점수 {score}, 기준 {threshold}).',
  greyscale: '색이 없는 사진입니다.',
  'exact-duplicate': '똑같은 사진이 더 있습니다.',
  'near-duplicate': '거의 같은 사진이 더 있습니다.',
  outlier: '같은 클래스의 다른 사진들과 많이 다릅니다.',
  'unlike-class': '다른 클래스의 사진에 더 가깝습니다.',
  mended: '파일이 형식에 꼭 맞지는 않지만 픽셀은 온전하여 그대로 씁니다({file}).',
  'guessed-range': '{bits}비트 파일의 값이 {low}에서 {high}까지이므로 이를 검정과 흰색으로 봅니다({file}).',
}

export const koReasons: Readonly<Record<string, string>> = {
  'preset-small-grey': 'simple-conv: 작은 흑백 그림 {classes}가지에는 더 큰 신경망이 필요하지 않습니다.',
  'preset-photos': 'resnet9: 사진에 맞춘 신경망으로, 사진을 조금씩 바꾸어 가며 클래스 {classes}개를 처음부터 배웁니다.',
  'size-of-photos': '한 변 {size} px: 대부분의 사진이 {medianSide} px을 넘지 않습니다.',
  letterbox: '사진은 회색 여백을 두고 제 모양을 지킵니다. 정사각형으로 누르면 덜 구별됩니다.',
  'size-default': '한 변 {size} px: 대부분을 구별하기에 충분하고 빨리 배웁니다.',
  grey: '흑백: 모든 사진에 색이 없습니다.',
  colour: '컬러: 사진에 색이 있습니다.',
  processor: '{preset}, 한 변 {size} px: 프로세서에서 몇 분 안에 끝나도록 작은 신경망과 작은 사진을 씁니다.',
  'processor-time': 'GPU 없이 코어 {cores}개로 약 {minutes}분 걸립니다.',
  'epochs-few': '{epochs} 에폭: 사진을 각각 {epochs}번 봅니다. 더 늘리면 조금 더 나아집니다.',
  epochs: '{epochs} 에폭: 사진 {photos}장을 각각 {epochs}번 봅니다. 대체로 이쯤에서 더 나아지지 않습니다.',
}

export const koAdvice: Readonly<Record<string, string>> = {
  'under-trained':
    '학습 사진 {known} %, 처음 보는 사진 {unseen} %를 맞히는데, 찍어도 {guessing} %입니다. 아직 배우지 못한 모델입니다. {epochs} 에폭보다 오래 학습하거나 학습률이나 신경망을 바꾸십시오. 이 모델의 오답으로는 라벨을 알 수 없습니다.',
  'copies-only': '정확도를 재는 사진 {photos}장이 모두 학습 사진의 사본이라 모델이 얼마나 좋은지 알 수 없습니다.',
  'copies-in-training':
    '정확도를 재는 사진 {of}장 중 {photos}장이 학습 사진의 사본입니다. 사본을 빼면 {accuracy} %가 아니라 {without} %입니다. 사본을 한 분할로 옮기거나 제외하십시오.',
  'test-lower':
    '검증 사진은 {validation} %, 테스트 사진은 {test} % 맞힙니다. 우연보다 큰 차이입니다. 테스트 사진이 다른 사진들과 다르거나, 검증 사진에 맞추어 설정을 골랐습니다.',
  'test-higher':
    '검증 사진은 {validation} %, 테스트 사진은 {test} % 맞힙니다. 우연보다 큰 차이입니다. 테스트 사진이 더 쉽거나 학습에 쓰였습니다.',
  'class-unjudged': '정확도를 재는 사진이 없는 클래스: {classes}. 얼마나 잘 찾는지 알 수 없습니다.',
  unlabelled: '쓸 수 있는 사진 {photos}장에 아직 라벨이 없습니다. 라벨을 붙이면 이 사진들도 배웁니다.',
  'overfit-augmented':
    '학습한 사진은 {known} %, 새 사진은 {unseen} % 맞힙니다. 사진을 외운 상태입니다. 사진은 이미 조금씩 바꾸어 가며 학습했으므로, 사진을 더하는 것이 가장 좋고 그다음은 더 많이 바꾸거나 더 작은 신경망입니다.',
  'confused-pair':
    '가장 자주 헷갈리는 두 클래스: {first}, {second}. 틀린 사진 {mistakes}장 중 {photos}장이 여기에 있습니다. 이 사진들의 라벨을 먼저 보거나 클래스를 나누십시오.',
  'few-photos':
    '학습 사진이 적은 클래스: {name}. 보통 {typical}장인데 {photos}장뿐이고, 그중 {recall}%만 찾아냅니다. 이 클래스의 사진을 더하면 좋아집니다.',
  overfit:
    '학습한 사진은 {known}%, 새 사진은 {unseen}% 맞힙니다. 사진을 외운 상태이므로 사진을 더하거나 옮기기와 뒤집기를 켜면 가장 도움이 됩니다.',
  'wide-interval':
    '검증 사진이 {photos}장이라 실제 정확도는 {low}~{high}% 사이일 수 있습니다. 검증 사진이 더 있으면 분명해집니다.',
  'too-sure': '평균 {error}점만큼 지나치게 확신합니다. 확신을 그대로 확률로 읽지 마십시오(온도 {temperature}).',
  'enough-photos':
    '사진이 두 배여도 정확도는 1점도 오르지 않습니다. 라벨을 바로잡거나 다른 신경망을 쓰는 편이 낫습니다.',
  'unclear-photos':
    '사진을 더하면 나아질지 이 실행들로는 알 수 없습니다. 학습 사진이 {trainPhotos}장이면 0 ~ {high}점입니다.',
  'more-photos': '학습 사진이 {trainPhotos}장이면 정확도가 {gain}점쯤 오를 것입니다({low} ~ {high}).',
}
export const koChecks: Readonly<Record<string, string>> = {
  'few-classes': '사진이 있는 클래스가 {classes}개입니다. 분류하려면 둘 이상이 필요합니다.',
  'copies-conflict': '사본 {photos}장의 라벨이 원본과 다릅니다. 둘 중 하나는 틀린 라벨입니다.',
  'copies-leak':
    '사본 {photos}장이 원본과 다른 데이터 분할에 있습니다. 학습한 사진으로 평가하게 되어 정확도가 실제보다 높게 나옵니다.',
  'few-photos':
    '사진이 적은 클래스: {class} ({photos}장). {wanted}장보다 적으면 잘 배우지 못합니다. 사진을 더하거나 빼십시오.',
  uneven:
    '사진 수가 고르지 않습니다: {most} 사진이 {least} 사진의 {times}배입니다. 모델이 많은 쪽으로 기우므로 클래스별 결과를 보십시오.',
  unlabelled: '쓸 수 있는 사진 {photos}장에 라벨이 없어 학습하지 않습니다.',
}

export const koImportNotes: Readonly<Record<string, string>> = {
  'zip-encoding': '{name}의 이름에는 문자 인코딩이 적혀 있지 않아 {encoding}(으)로 읽습니다.',
  'list-encoding': '목록 {name}은(는) {encoding}(으)로 읽습니다.',
  'list-missing': '목록 {name}의 {count}줄은 없는 파일입니다. 첫 번째: {first}.',
  'list-several': '목록 {name}의 {count}줄은 여러 파일에 똑같이 맞습니다. 첫 번째: {first}. 폴더를 더 적으십시오.',
  'list-conflicts':
    '목록 {name}에서 사진 {count}장에 라벨이 여럿입니다(예: {first}). 가장 많은 라벨을 쓰고, 검토에서 묻습니다.',
  'list-no-label': '목록 {name}의 {count}줄에 있는 “{word}”은(는) 라벨 없음으로 읽습니다.',
  'list-unused': '목록 {name}에서 읽지 않는 열: {columns}.',
  'hidden-signs':
    '사진 {count}장의 폴더 이름에 보이지 않는 문자(제어 문자, 방향 표시)가 있어, 클래스 이름에서는 뺍니다.',
  'list-beside':
    '폴더에서 클래스를 찾지 못했고, 그 안의 목록 {name}은(는) 읽지 않았습니다. 라벨을 쓰려면 목록도 함께 추가하십시오.',
  'moved-labels':
    '라벨이 “{label}”인 사진 {count}장이 지금은 폴더 “{folder}”에 있습니다. 라벨은 그대로 둡니다. 이름을 바꾸려면 클래스 이름을 바꾸십시오.',
}

export const koNotes: Readonly<Record<string, string>> = {
  'photos-left-out': '읽을 수 없는 사진을 빼고 학습합니다.',
  'untaught-classes': '학습할 사진이 하나도 없는 클래스가 있습니다. 그 클래스는 배울 수 없습니다.',
  'head-chosen': '검증 사진에 가장 덜 놀라는 세기의 선형 층을 골랐습니다.',
  'weights-renamed': '다른 프로그램이 붙인 이름을 이 신경망의 이름으로 바꾸었습니다.',
  'weights-taken': '맞는 층의 가중치를 이어받았습니다. 나머지 층은 처음부터 배웁니다.',
  frozen: '앞부분은 그대로 두고 나머지만 배웁니다.',
  'class-weights': '드문 클래스의 사진을 더 무겁게 봅니다.',
  resumed: '저장된 단계부터 이어서 학습합니다.',
  'device-lost': 'GPU가 응답하지 않아 새 장치에서 마지막으로 저장한 곳부터 이어서 학습합니다.',
  'loss-spike': '손실이 한동안 보통보다 크게 높았습니다.',
  'stopped-early': '더 나아지지 않아 일찍 마쳤습니다.',
  'rolled-back': '손실이 잘못되어 마지막으로 좋았던 가중치로 돌아가, 학습률을 반으로 낮추어 이어서 학습합니다.',
  'precision-f16': '중간 값을 16비트로 저장합니다. 처음 몇 단계를 시험해 보니 손실이 32비트와 같고 더 빨랐습니다.',
  'precision-f32-software':
    '중간 값을 32비트로 저장합니다. 소프트웨어 GPU는 16비트를 흉내만 내므로 얻는 것이 없습니다.',
  'precision-f32-absent': '중간 값을 32비트로 저장합니다. 이 GPU에는 16비트 계산(shader-f16)이 없습니다.',
  'precision-f32-short': '중간 값을 32비트로 저장합니다. 16비트를 시험해 보기에는 실행이 너무 짧습니다.',
  'precision-f32-slower': '중간 값을 32비트로 저장합니다. 시험해 보니 이 GPU에서는 16비트가 더 빠르지 않습니다.',
  'precision-f32-differs': '중간 값을 32비트로 저장합니다. 시험해 보니 16비트에서는 손실이 허용보다 크게 달랐습니다.',
  'precision-f32-failed': '중간 값을 32비트로 저장합니다. 16비트 시험이 실패했습니다.',
  'batch-split': '메모리에 맞도록 사진을 나누어 보고 기울기를 더합니다.',
}
