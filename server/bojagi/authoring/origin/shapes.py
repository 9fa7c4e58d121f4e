"""Shapes that tell the two Koreans apart wherever they stand: spelling, spacing, marks, endings.

A shape is a regular expression and what stands in its place in the other Korean. `~` after a
syllable stands for that syllable with any final consonant or none.

Source: 조선말규범집 2010 and 한글 맞춤법, by the rows of the project's notes on ko_KP: 4-8, 10-13,
15, 18-20.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from bojagi.authoring.origin.words import Kind
from bojagi.domain.hangul.syllables import FINALS, VOWELS, join_syllable, split_syllable

_NO_FINAL: Final = "".join(
    join_syllable(initial, vowel) for initial in range(19) for vowel in range(len(VOWELS))
)


def _ending_in(finals: str, vowels: str = "".join(VOWELS)) -> str:
    """Return a character class of the syllables with one of these vowels and finals."""
    wanted = [FINALS.index(final) for final in finals.split(",")]
    return (
        "["
        + "".join(
            join_syllable(initial, VOWELS.index(vowel), final)
            for initial in range(19)
            for vowel in vowels
            for final in wanted
        )
        + "]"
    )


END: Final = r"(?![가-힣])"
JOSA: Final = (
    r"(?:은|는|이|가|을|를|에|에는|에서|에서는|에게|로|으로|와|과|도|만|까지|부터|의|나|이나|라도|이라도|보다|처럼|마다|밖에|뿐"
    rf"|들|들은|들이|이다|입니다|인|이며|이고|이라고|라고|라는|이라는|였다|이였다)?{END}"
)
_N: Final = _ending_in("ㄴ")
_L: Final = _ending_in("ㄹ")
_N_OR_L: Final = _ending_in("ㄴ,ㄹ")
_OPEN: Final = f"[{_NO_FINAL}]"
_I_VOWELS: Final = _ending_in("", "ㅣㅐㅔㅚㅟㅢ")
_NUMBERS: Final = (
    "한|두|세|네|석|넉|다섯|여섯|일곱|여덟|아홉|열|열한|열두|열세|열네|스무|스물|서른|마흔|쉰"
    "|예순|몇"
)
_COUNTERS: Final = (
    "개월|개|명|번째|번|달|시간|살|장|마리|대|권|병|잔|컵|통|주일|주|해|가지|분|초|년|월|일|원|층|켤레|벌|그릇|그루|쪽|줄|자루|줌|알"
    "|숟가락|끼|끼니|걸음|마디|차례|군데|곳|건|자|삽|톨|모금|봉지|상자"
)
_TITLES: Final = (
    "사장|과장|부장|팀장|차장|대리|기사|고객|선배|후배|교수|의사|간호사|대표|반장|소장|원장|회장|국장|실장|목사|신부|작가|변호사|상담사|이모"
    "|고모|삼촌|관리자|담당자|회원|판사|검사|경찰관|통역사|상담원|약사|조장|지배인|집주인|주인"
)
_LINKED: Final = "아어여해워려러켜쳐져혀펴겨벼셔라내매배캐깨떼세베꺼써떠퍼빼"
"""The last syllables of a verb that links to an auxiliary."""
_COME: Final = (
    "(?:[가-힣]*(?:다녀|들어|나|가져|돌아|찾아|도|올라|내려|따라|건너|넘어|데려|불러|걸어|몰려"
    "|날아|살아|얻어|받아|다가|모셔|싸|사|해))?와"
)
"""Verbs that link with 와, which is a particle as well: 무게와."""
_NOUNS: Final = (
    "나라|의사|노래|아래|미래|고래|피해|손해|방해|오해|이해|올해|새해|지난해|다음해|바다|동네|가게|배|해|내|때|새|세|매|더욱|여러|차라|아라|언어"
    "|대하여|관하여|위하여|통하여|인하여|의하여|향하여|비하여|따라|반하여|용어|단어|국어|영어|러시아|로씨야|시아|코리아|무려|오히려|배려|염려|념려|고려|격려|이어|하여|어머니|여|와|한여"
)
"""Words that end in such a syllable and are none."""
_MARKS: Final = {"“": "《", "”": "》", "‘": "〈", "’": "〉"}
_NOT_YO: Final = "(?<!개)(?<!가)(?<!대)"
_HAE: Final = "[몇러피손재올새상침방이오견수그화동서남유무양공저듬한음매난사치위암당]"
"""What stands before 해 in a noun: 피해, 올해, 지난해."""
_SIOT: Final = "뒷냇햇랫릿콧촛찻칫횟귓뱃윳쇳굣푯죗핏첫젯젓윗잿"
_PE_BEFORE: Final = (
    r"지[하되론안]|기[하물되처능종흉한]|업|쇄|허|렴|암|결핵|병|습|막|회|품|수처리|수를|건물|건전지|가구|비닐|휴지|차장|광|교[가를된되하한에]"
    r"|장[이을되에]|점[하한되을]|활[동량]|질환|포(?!호박)|섬유|동맥|정맥|부종|색전|경|인(?!트|팅)|위[하되]|간[된되하한]|관[하식]|강[하식]"
    r"|단[되하]|농양|출혈|흡충|디스토마|자재|목재|타이어|유[를가]|열|석면|콘크리트|식용유|의류|가전|액|가스|로시|로된|물|해|부|수종|염|문[하시]"
    rf"|질(?![가-힣])|(?:가|를|에|의|와|는|까지){END}"
)
"""What stands behind 폐 and behind no 페 of a loanword."""
_PE_BEHIND: Final = "지화은개밀황피퇴철조민적심존엄차위통진규자유류악작훼식"
"""What stands before 폐 and before no 페 of a loanword: 지폐, 은폐."""
_GUN: Final = (
    "사기|심부름|구경|장사|장난|농사|짐|나무|살림|사냥|낚시|노름|도박|술|춤|소리|이야기|재주|싸움|말썽|밀수|도굴|거간|협잡|투기|모략|정탐"
    "|염탐|방해|막벌이|지게|주정|잔소리|노래|씨름|훼방|품팔이|날품|막일|몰이|도적|로점장사|밀렵|모사|난봉|익살|훈수"
)
_KEEPS_SIOT: Final = "첫젓"
_SIOT_ANYWHERE: Final = "".join(each for each in _SIOT if each not in _KEEPS_SIOT + "윗")


@dataclass(frozen=True)
class Shape:
    """A form that a regular expression finds.

    Attributes:
        instead: what stands in its place, from the match.
        is_sure: whether it can be put there without looking.
    """

    kind: Kind
    pattern: re.Pattern[str]
    instead: Callable[[re.Match[str]], str]
    is_sure: bool = True

    def find(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Yield where it stands, and what would stand there."""
        for match in self.pattern.finditer(text):
            yield *match.span(), self.instead(match)


def _shape(
    kind: Kind, pattern: str, instead: str | Callable[[re.Match[str]], str], *, sure: bool = True
) -> Shape:
    opened = re.sub("([가-힣])~", lambda match: _any_final(match[1]), pattern)
    put = instead if callable(instead) else (lambda match: match.expand(instead))
    return Shape(kind, re.compile(opened), put, sure)


def _any_final(syllable: str) -> str:
    whole = split_syllable(syllable)
    first = join_syllable(whole.initial, whole.vowel)
    last = join_syllable(whole.initial, whole.vowel, len(FINALS) - 1)
    return f"[{first}-{last}]"


def _joined(match: re.Match[str]) -> str:
    return re.sub(r"\s+", "", match[0])


def _without_siot(match: re.Match[str]) -> str:
    return "".join(_open(char) if char in _SIOT else char for char in match[0])


def _open(char: str) -> str:
    whole = split_syllable(char)
    return join_syllable(whole.initial, whole.vowel)


def _ryul(match: re.Match[str]) -> str:
    return f"{match[1]}률"


def _yeo(match: re.Match[str]) -> str:
    return match[1] + {"어": "여", "었": "였"}[match[2]]


def _eo(match: re.Match[str]) -> str:
    return match[0].replace("여", "어", 1).replace("였", "었", 1)


def _with_ga(match: re.Match[str]) -> str:
    siot = {"바다": "바닷", "내": "냇", "수도": "수돗", "호수": "호숫", "시내": "시냇"}
    return siot[match[1]] + "가"


def _doe(match: re.Match[str]) -> str:
    return {"돼": "되여", "됐": "되였"}[match[0]]


def _hayeo(match: re.Match[str]) -> str:
    return match[0].replace("했", "하였").replace("해", "하여")


SOUTHERN: Final = (
    # Spelling: endings after ㅣ-like vowels (row 5), 되여 (6), no 사이시옷 (8), 페 (10), 률 (4),
    # 가 (11).
    _shape(
        Kind.SPELLING,
        rf"(?<![가-힣])(?!기어이|기어코|시어머|에어|이어폰|제어|미디어|지어|의어|이어|드디어|외래어)([가-힣]*?{_I_VOWELS})(?<!지)(?<!이)(?<!의)(?<!제)(?<!디)"
        r"(어|었)(?!머니|린|깨|부|촌|업|회)",
        _yeo,
    ),
    _shape(Kind.SPELLING, r"(드디)(어)", _yeo),
    _shape(
        Kind.SPELLING,
        r"((?:떨어|벌어|헤어|쓰러|사라|없어|이루어|알려|밝혀|미루어|주어|만들어|커|느껴)지)(어|었)",
        _yeo,
    ),
    _shape(Kind.SPELLING, r"(?<=[가-힣])(이)(었)(?=[다습던으고지는을])", _yeo),
    _shape(
        Kind.SPELLING,
        r"(나뉘|바뀌|사귀|할퀴|헤|미|피|튀|뛰|깨|끌어내|보내|새|베|매|떼|세|쉬|비)(어)(?=진|지|나|오|내|버|든)",
        _yeo,
    ),
    _shape(Kind.SPELLING, r"돼(?!지)|됐", _doe),
    _shape(
        Kind.SPELLING,
        rf"(?!햇[곡쌀감과보콩고])[{_SIOT_ANYWHERE}](?=[가-힣])|(?<=[가-힣])[{_SIOT_ANYWHERE}]",
        _without_siot,
    ),
    _shape(Kind.SPELLING, r"폐", "페"),
    _shape(Kind.SPELLING, rf"({_OPEN}|{_N})율(?=적|성|화|{JOSA})", _ryul),
    _shape(Kind.SPELLING, rf"({_L})까(?=요|봐|{END})(?!지)", r"\1가"),
    _shape(Kind.SPELLING, rf"(?<=[가-힣])(?<![바가꿈])꾼(?={JOSA}|이[었였]|입니)", "군"),
    # Spacing: bound nouns (12), auxiliaries (13), counters (16), our country (15).
    _shape(
        Kind.SPACING, rf"{_L} 수(?=(?:가|는|도|를|조차|까지)? ?[있없])|{_L} 수(?={JOSA})", _joined
    ),
    _shape(
        Kind.SPACING, rf"{_N_OR_L} (?:것|거(?=[예나라]|{END})|게(?={END})|건(?={END}))", _joined
    ),
    _shape(Kind.SPACING, rf"{_N_OR_L} (?:바(?!로)|데|만큼|듯|채|뿐)(?=서|하|{JOSA})", _joined),
    # 적다 (few, to write) looks like 적 (time): 이름을 적도록.
    _shape(
        Kind.SPACING,
        rf"{_N_OR_L}(?<![을를]) 적(?=이 |이[다고며었]|도{END}|에{END}|은 [없있]|{END})"
        rf"|을 적(?=에{END})",
        _joined,
    ),
    _shape(Kind.SPACING, rf"{_N_OR_L} 줄(?=(?:을|도|은|로)? ?[알모몰])", _joined),
    _shape(Kind.SPACING, rf"(?:(?![는은면]){_N}|[은](?! 지도)) 지(?=가|는|도|{END})", _joined),
    _shape(Kind.SPACING, r"[가-힣]고 (?:있|계시|계십|싶|나서)", _joined),
    _shape(
        Kind.SPACING,
        rf"(?<![가-힣])(?!(?:{_NOUNS}) )(?:[가-힣]*[{_LINKED}]|{_COME}|가|해|써|사|자|타) "
        r"(?:주(?=[십시세어었고면는지기겠])|줍|준|줄(?= ?수)|줘|줬|보(?=[십시세아았고면는지기니])"
        r"|봅|본|봐|봤|버리~"
        r"|두(?=[십시세어었고면는지기])|둡|둔|둬|놓|드리~|달라|있)",
        _joined,
    ),
    _shape(
        Kind.SPACING,
        rf"(?<![가-힣])(?!한 일)(?:{_NUMBERS}) (?:{_COUNTERS})"
        rf"(?=이상|이하|만|쯤|씩|째|짜리|동안|에|{JOSA})",
        _joined,
    ),
    _shape(
        Kind.SPACING,
        r"(?<=[0-9]) (?:개월|시간|명|원|년|월|일|킬로|미터|분|초|살|장|층|번)",
        _joined,
    ),
    _shape(Kind.SPACING, r"[십백천만억0-9] 원", _joined),
    _shape(Kind.SPACING, r"(?<![가-힣])안 [되된될됩돼됐]", _joined),
    _shape(Kind.SPACING, r"우리나라", "우리 나라"),
    # Marks (18-20).
    _shape(Kind.MARKS, r"[“”‘’](?![0-9])", lambda match: _MARKS[match[0]]),
    _shape(Kind.MARKS, r"(?<=[가-힣]) ?[·ㆍ・] ?(?=[가-힣])", ", "),
    _shape(Kind.MARKS, r"(?<=[가-힣]);", ","),
    _shape(Kind.MARKS, r"₩", "원"),
    # Endings and address (§4.2, 1 and 2).
    _shape(Kind.ENDING, r"(?<=[가-힣])(?:시겠어요|으세요|세요|셔요)(?=\?)", "십니까", sure=False),
    _shape(Kind.ENDING, rf"(?<=[가-힣])(?:세요|셔요)(?={END})(?!\?)", "십시오"),
    _shape(
        Kind.ENDING,
        rf"[가-힣]+(?:거든요|잖아요|네요|죠|더라고요|더라구요|{_L}게요|{_L}까요|{_L}래요|군요|나요|는데요|은데요|{_N}데요|던데요|대요|래요|는걸요|을걸요)(?={END})",
        "-ㅂ니다, -습니까",
        sure=False,
    ),
    _shape(
        Kind.ENDING,
        rf"[가-힣]+{_ending_in('', 'ㅏㅓㅐㅔㅕㅖㅘㅝㅙ')}{_NOT_YO}요(?<!세요)(?<!셔요)(?={END})",
        "-ㅂ니다, -습니까",
        sure=False,
    ),
    _shape(
        Kind.ENDING, rf"(?:{_TITLES})님(?={JOSA}|들|께)", "동지, 선생, 이름 없이 부르기", sure=False
    ),
    _shape(Kind.ENDING, r"[ㅋㅎㅠㅜ]{2,}", "", sure=False),
    _shape(Kind.ENDING, r"(?<=[가-힣])(?:용|염|영)(?=[~!^]{1,3}|\^\^)", "", sure=False),
    # Short forms (7).
    _shape(Kind.SHORT_FORM, r"(?<=[가-힣])했(?=[가-힣])|(?<![가-힣])했(?=[다습던으고지])", _hayeo),
    _shape(
        Kind.SHORT_FORM,
        rf"(?<=[가-힣])(?<![피손재올새상침방이오견수])해(?=서{END}|서는|서도|야{END}|야만|도{END}|라{END})",
        _hayeo,
    ),
    _shape(Kind.SHORT_FORM, rf"[가-힣](?<!{_HAE})해(?= (?!주|보|드|놓|두|달))", _hayeo),
    _shape(Kind.SHORT_FORM, rf"(?<![가-힣])해(?=서{END}|야{END}|야 |도{END})", _hayeo),
)
"""What gives a southern text away."""

NORTHERN: Final = (
    _shape(
        Kind.SPELLING,
        # 베여, 떼여, 매여, 쥐여 are southern as well where something is done to one.
        r"([되쉬띄피내세헤깨뛰튀뀌비개새])(여|였)(?=[가-힣 .,?])"
        r"|(나뉘|[베매떼쥐뉘](?=여(?:놓|두|내|먹|짜|뜯|야)))(여|였)"
        r"|([미배](?=여[지나들]|여졌|였다|였습))(여|였)"
        r"|([이](?=여(?:지|졌|진|질|서 |받|달|나가)))(여)",
        _eo,
    ),
    _shape(Kind.SPELLING, r"((?:하|오|가|주|되|계|으)시)(여|였)(?=[다습던으고지는]|$|[ .,])", _eo),
    _shape(Kind.SPELLING, r"(?<=[가-힣])이였(?=[다습던으고지는])", "이었"),
    _shape(Kind.SPELLING, rf"(?<![가-힣])페(?={_PE_BEFORE})", "폐"),
    _shape(
        Kind.SPELLING,
        rf"(?<=[{_PE_BEHIND}])페(?!이(?![다며고라])|인트|스티|크|미|르)|(?<=로)페(?=물)",
        "폐",
    ),
    _shape(Kind.SPELLING, rf"({_OPEN}|{_N})률(?={JOSA}|적|성)", r"\1율"),
    _shape(Kind.SPELLING, rf"({_L})가(?=요|\?)", r"\1까"),
    _shape(
        Kind.SPELLING,
        r"(할|을|될|(?<=[가-힣])[갈릴칠킬낼]|(?:것|엇|구|디|문|닭)일)가"
        rf"(?={END}|봐|싶|하(?:고|는|여))(?<!불가)",
        r"\1까",
    ),
    _shape(Kind.SPELLING, rf"(?<![가-힣])({_GUN})군(?={JOSA}|이[었였]|입니)", r"\1꾼"),
    _shape(Kind.SPELLING, r"일군(?=들|은|이[ 다나며라]|을|의|에게|과|으로|도|만)", "일꾼"),
    # Northern spellings that are other words in the South, but not before these particles.
    _shape(Kind.SPELLING, rf"(?<![가-힣])수자(?=(?:가|를|는|로|들|와|만|의|에){END})", "숫자"),
    _shape(
        Kind.SPELLING,
        r"(?<![가-힣])(바다|내|수도|호수|시내)가(?=에(?:서|는|도| )|로 |의 |를 )",
        _with_ga,
    ),
    _shape(Kind.SPELLING, rf"(?<![가-힣])기발(?=(?:이|은|을|과|의|들|에|도){END})", "깃발"),
    _shape(Kind.SPELLING, rf"(?<![가-힣])비물(?={JOSA})", "빗물"),
    _shape(Kind.SPELLING, rf"(?<![가-힣])무우(?=(?:는|가|를|와|도|로|나|의){END})", "무"),
    _shape(Kind.SPELLING, rf"(?<![가-힣])초불(?={JOSA})", "촛불"),
    _shape(Kind.SPACING, rf"{_L}수(?=(?:가|는|도|를)? ?[있없])", lambda m: f"{m[0][0]} 수"),
    _shape(
        Kind.SPACING,
        rf"(?:[는은던]|[하되가오보있없같좋크]~)것(?={JOSA})",
        lambda m: f"{m[0][:-1]} 것",
        sure=False,
    ),
    _shape(Kind.SPACING, r"[가-힣]고(?=있[다습는었으지을어])", lambda m: f"{m[0]} "),
    _shape(Kind.SPACING, r"우리 나라", "우리나라"),
    _shape(Kind.MARKS, r"[《》]", lambda match: "‘" if match[0] == "《" else "’"),
)
"""What gives a northern text away."""
