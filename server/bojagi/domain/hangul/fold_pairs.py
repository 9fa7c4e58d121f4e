"""Words the two Koreans spell differently, as data for `fold`: pairs of (KP form, KR form).

Only spelling: a word with another word in its place (손전화기, 휴대폰) is the glossary's matter.

Which side is replaced matters, since pairs are found inside longer words too: it is the side
that isn't also a chance meeting of other words. 날자 hides in 오늘날자녀 and 화일 in 문화일군;
날짜 and 파일 hide nowhere. So `SPELLING_PAIRS` replace the southern form by the northern one,
and `LOANWORD_PAIRS` the northern by the southern.

Sources: the project's glossary (ko_KR and ko_KP); 조선말규범집 2010 for 사이시옷, which KP does not
write; 한글 맞춤법 제30항 for the words in which KR does. Rows under "recalled" rest on general
knowledge: a wrong row there merges two words and does no other harm.
"""

from __future__ import annotations

from typing import Final

Pairs = tuple[tuple[str, str], ...]

WORD_START_PAIRS: Final[Pairs] = (
    # Only where a word begins: 불안해 and 찾아내 hold the same syllables and are no wives.
    ("안해", "아내"),
)

SPELLING_PAIRS: Final[Pairs] = (
    # Glossary and reference: 사이시옷 (for 바닷가, 나뭇잎, 뒷받침, 냇가 see the parts below).
    ("수자", "숫자"),
    ("회", "횟"),
    ("기발", "깃발"),
    # Glossary and reference: tense or plain, and other letters.
    ("날자", "날짜"),
    ("일군", "일꾼"),
    ("옳바로", "올바로"),
    ("옳바르", "올바르"),
    ("옳바른", "올바른"),
    ("빛갈", "빛깔"),
    ("손벽", "손뼉"),
    ("할가", "할까"),
    ("될가", "될까"),
    ("을가", "을까"),
    # Glossary: loanwords whose northern form hides in other words.
    ("페지", "페이지"),
    ("그람", "그램"),
    ("키로", "킬로"),
    ("화일", "파일"),
    # Recalled: 사이시옷. A lone syllable stands here when KR writes it for hardly anything else.
    ("뒤", "뒷"),
    ("웃", "윗"),
    ("내", "냇"),
    ("해", "햇"),
    ("초", "촛"),
    ("차", "찻"),
    ("코", "콧"),
    ("귀", "귓"),
    ("피", "핏"),
    ("배", "뱃"),
    ("치", "칫"),
    ("후", "훗"),
    ("바다", "바닷"),
    ("나무", "나뭇"),
    ("아래", "아랫"),
    ("머리", "머릿"),
    ("전기", "전깃"),
    ("수도", "수돗"),
    ("담배", "담뱃"),
    ("전세", "전셋"),
    ("세수", "세숫"),
    ("고추", "고춧"),
    ("하루", "하룻"),
    ("혼자", "혼잣"),
    ("가지", "가짓"),
    ("이사", "이삿"),
    ("제사", "제삿"),
    ("비물", "빗물"),
    ("장마비", "장맛비"),
    ("이몸", "잇몸"),
    ("고간", "곳간"),
    ("세방", "셋방"),
    ("세집", "셋집"),
    # Recalled: tense or plain.
    ("색갈", "색깔"),
    ("눈섭", "눈썹"),
)

LOANWORD_PAIRS: Final[Pairs] = (
    # Glossary and reference.
    ("콤퓨터", "컴퓨터"),
    ("인터네트", "인터넷"),
    ("쏘프트웨어", "소프트웨어"),
    ("웨브", "웹"),
    ("싸이트", "사이트"),
    ("쎈터", "센터"),
    ("비루스", "바이러스"),
    ("에네르기", "에너지"),
    ("라지오", "라디오"),
    ("텔레비죤", "텔레비전"),
    ("로보트", "로봇"),
    ("레이자", "레이저"),
    ("메터", "미터"),
    ("뻐스", "버스"),
    ("딸라", "달러"),
    ("아빠트", "아파트"),
    ("테로", "테러"),
    ("로씨야", "러시아"),
    ("뽈스까", "폴란드"),
    ("꾸웨이트", "쿠웨이트"),
    ("까타르", "카타르"),
    ("윁남", "베트남"),
    ("울라지보스또크", "블라디보스토크"),
    # Recalled: what people work with.
    ("뜨락또르", "트랙터"),
    ("세멘트", "시멘트"),
    ("뻬인트", "페인트"),
    ("뽐프", "펌프"),
    ("까스", "가스"),
    ("땅크", "탱크"),
    ("콘베아", "컨베이어"),
    ("쎈치", "센티"),
    ("미리메터", "밀리미터"),
    # Recalled: health and daily life.
    ("왁찐", "백신"),
    ("깝쎌", "캡슐"),
    ("알콜", "알코올"),
    ("쵸콜레트", "초콜릿"),
    ("쥬스", "주스"),
    ("마라손", "마라톤"),
    # Recalled: countries and cities.
    ("까자흐스딴", "카자흐스탄"),
    ("우즈베끼스딴", "우즈베키스탄"),
    ("끼르기즈스딴", "키르기스스탄"),
    ("따쥐끼스딴", "타지키스탄"),
    ("벨라루씨", "벨라루스"),
    ("캄보쟈", "캄보디아"),
    ("뛰르끼예", "튀르키예"),
    ("웽그리아", "헝가리"),
    ("체스꼬", "체코"),
    ("로므니아", "루마니아"),
    ("벌가리아", "불가리아"),
    ("이딸리아", "이탈리아"),
    ("카나다", "캐나다"),
    ("메히꼬", "멕시코"),
)
